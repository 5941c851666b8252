"""The words that pen names, tags, titles and bios are put together from."""

STRIDE = 983  # prime: steps of this length come by every pair of words, neighbours far apart


def fill_in(text: str, subject: str) -> str:
    """Say what a text is about: in place of `{subject}`, and of `{Subject}` with a capital."""
    capital = subject[0].upper() + subject[1:]
    return text.replace("{subject}", subject).replace("{Subject}", capital)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.strip().splitlines())


# No first word is a given name: nobody should take a pen name for a person.
FIRST_WORDS = _words("""
    Azure Brass Brave Breezy Bright Brisk Bronze Calm Candid Cheerful Cinnamon Clear Cloudy Cobalt
    Copper Cosy Crimson Curious Dappled Daring Distant Drifting Eager Early Earnest Electric Evening
    Faded Fallow Feathered Floating Foggy Frosty Gentle Gilded Glad Glassy Golden Granite Green Grey
    Hasty Hidden Honest Humble Humming Inky Jolly Kind Late Leafy Lilac Little Lively Lofty Loyal
    Lucky Lunar Mellow Mild Mindful Modest Morning Mossy Muted Nimble Northern Ochre Patient
    Peaceful Playful Plum Polished Quick Quiet Restless Roaming Rustic Salty Sepia Shady Silent
    Silver Simple Sleepy Slow Snowy Southern Speckled Steady Striped Sturdy Subtle Tawny Teal Tidy
    Tranquil Twilight Upland Velvet Vivid Wandering Western Windy Winter Witty Woven Zesty
""")
SECOND_WORDS = _words("""
    Heron Acorn Alder Antelope Aspen Avocet Badger Barley Beech Bison Bittern Bluebell Bracken
    Bramble Brook Bumblebee Buttercup Cactus Canyon Cedar Clover Comet Condor Cormorant Cricket
    Curlew Cypress Dandelion Dolphin Dragonfly Dunlin Eagle Egret Elk Elm Falcon Firefly Flamingo
    Foxglove Gannet Gazelle Glacier Goldfinch Gorse Grebe Harebell Harrier Hawthorn Hedgehog
    Hornbeam Ibex Ibis Juniper Kestrel Kingfisher Kiwi Lagoon Lapwing Larch Lark Lichen Linden Lynx
    Magpie Mallow Maple Marigold Marten Meadow Moorhen Nettle Newt Nightjar Nuthatch Oak Orchid
    Osprey Otter Owl Partridge Pelican Petrel Pine Pipit Plover Poppy Puffin Quail Raven Redstart
    Redwing Sandpiper Sedge Sequoia Shearwater Skylark Snipe Sorrel Sparrow Spruce Starling Stork
    Sycamore Tamarisk Tern Thistle Thrush Turnstone Vole Wagtail Walnut Warbler Waxwing Willow
    Woodpecker Yarrow Yew
""")

SUBJECTS = _lines("""
letter writing
gardening
Python
bread baking
film photography
typography
hill walking
GraphQL
birdwatching
bookbinding
home cooking
database design
local history
pottery
open source
stargazing
note-taking
cycling
folk music
software testing
tea
woodworking
map making
self-hosting
knitting
editing
rail travel
beekeeping
web accessibility
printmaking
composting
amateur radio
calligraphy
weather watching
bicycle repair
fermentation
proofreading
seed saving
wild swimming
slow travel
""")
TAG_ENDINGS = _words("""
    basics books tools history mistakes projects stories questions people-and-places for-beginners
    in-winter in-summer
""")

TITLES = _lines("""
On {subject}
Learning {subject}
Rethinking {subject}
{Subject}, explained slowly
{Subject} as a daily practice
{Subject} for the impatient
A beginner's notes on {subject}
A field guide to {subject}
A second look at {subject}
A year of {subject}
An honest account of {subject}
Common mistakes in {subject}
Falling for {subject}
Finding time for {subject}
First steps in {subject}
Five things to know about {subject}
Getting started with {subject}
How I plan for {subject}
How to enjoy {subject}
How to teach {subject}
In praise of {subject}
Keeping up with {subject}
Lessons from {subject}
Letters about {subject}
Making room for {subject}
Notes from a week of {subject}
Old books on {subject}
Questions I still have about {subject}
Seven questions about {subject}
Small habits for {subject}
Starting over with {subject}
The case against {subject}
The case for {subject}
The quiet pleasures of {subject}
The tools I use for {subject}
Thirty days of {subject}
What I learned from {subject}
What nobody says about {subject}
Why I came back to {subject}
Writing about {subject}
""")
CIRCUMSTANCES = _lines("""
in winter
in early spring
in high summer
in late autumn
in the slow season
in a small town
in a crowded house
in ten minutes a day
on a small budget
on rainy days
on Sunday afternoons
on your own
one evening a week
before breakfast
after work
after dark
after a long break
at the kitchen table
away from home
against the clock
between two jobs
far from the experts
for the second time
the long way round
with borrowed tools
with a group of friends
with children around
with a notebook at hand
with what is at hand
without hurry
without buying anything
""")

BIOS = _lines("""
Writes about {subject}, and now and then about {another}.
Mostly {subject}. Sometimes {another}, when the weather is bad.
Here for {subject}; stayed for the comments.
Slow reader, slower writer. {Subject}, {another} and long walks.
Keeps notes on {subject} so as not to learn it all twice.
{Subject} in the morning, {another} in the evening, and tea in between.
Came for {another} and found {subject}.
A weekend's worth of {subject} every week.
Collects good questions about {subject}. Has few answers.
Still a beginner at {subject}, after all these years.
""")
