"""What readers write under a post; `{subject}` stands for what it is about."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.strip().splitlines())


REMARKS = _lines("""
Thank you for this. I have been looking for an honest account of {subject} for a while.
This matches what I have seen of {subject}, almost word for word.
I read this twice, and the second time with a pencil.
I disagree with the part about starting small, but the rest is exactly right.
The second half is the best thing I have read on {subject} this year.
I tried this over the weekend and it went better than expected.
I tried this over the weekend and it went badly, in an instructive way.
Saving this for the next time someone asks me about {subject}.
You make {subject} sound easier than it was for me, but I enjoyed every line.
This is the push I needed to take up {subject} again.
Lovely post. I had forgotten why I liked {subject} in the first place.
A small correction: I would swap the first two steps.
I have done it the other way round for years, and now I wonder why.
My first attempt at {subject} ended in the bin, so this is comforting.
The list alone is worth printing out.
I sent this to two friends who are both new to {subject}.
I am not sure that this works for everyone, but it does for me.
More of this, please.
I wish I had read this before I bought everything.
This is what I tell people about {subject}, only better put.
I came here for one answer and left with three better questions.
Short and useful. Thank you.
Coming back to this a month later: it still holds.
The remark about patience made me laugh, because it is so true of {subject}.
I would add one thing: keep the failures, they are the best notes.
Interesting. In my corner of {subject} people swear by the opposite.
I never thought of {subject} that way before.
This cleared up something that had puzzled me for a long time.
Good advice, and kindly given.
I was sceptical at the title and convinced by the end.
We talked about this at our monthly meeting, and half the room took notes.
The example made it click for me.
""")

ADDITIONS = _lines("""
Did you ever write about how you got there?
What would you do differently today?
How long did it take before it felt natural?
I would love to see a follow-up on the tools.
I will report back in a few weeks.
It took me three tries, for what it is worth.
My notes from back then say the same thing in twice the words.
Where I live the season is shorter, so I have to hurry a little.
I wonder whether it depends on the season.
There is an older text that makes the same point: https://example.com/reading
The hardest part, for me, is stopping in time.
I learned this from a neighbour, who learned it from another.
Perhaps it is a question of temperament.
Please never delete this.
Is there a printable version somewhere?
The comments here are as good as the post.
Ask me again next year.
It would make a good first chapter of something longer.
A photograph or two would help, if you have any.
I keep a list of such things, and this goes to the top.
What do the others here think?
Either way, thank you for writing it down.
""")

ANSWERS = _lines("""
good point, I had not looked at it from that side.
yes, the same here.
I think it is simpler than that: try it once and see.
could you say a little more about how you do it?
that worked for me too, thank you.
I respectfully disagree, but I see where you come from.
the part that helped me was going slower, not working harder.
that is the best summary so far.
exactly. I could not have put it better.
not in my experience, but I have only been at {subject} for two years.
same question here. Did you find out?
I wrote some of it down once: https://example.com/notes
you are right, and I stand corrected.
thank you, that is kind of you to say.
""")
