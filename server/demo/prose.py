"""The stock that articles are made from: paragraphs, headings, and blocks to rest the eye.

It is long because it is text. Everything fits every subject: `{subject}` stands for one, in the
singular, and `{Subject}` for one that begins a sentence. Paragraphs are wrapped for this file only.
"""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


OPENINGS = _paragraphs("""
I came to {subject} late and by accident. Someone lent me a book, the book had a chapter that I only
half understood, and a month later I was still trying to make sense of it. This is what I wish that
chapter had said.

There are two kinds of advice about {subject}: the kind that fits on a poster and the kind that
takes an afternoon. This is an attempt at the second kind. Make some tea first.

Every few months somebody asks me how to begin with {subject}, and every few months I give a
slightly different answer. Writing it down should keep me honest, and save us both some time.

For years I thought that {subject} was a matter of talent. It is mostly a matter of noticing, and
noticing can be learned by anyone who has twenty minutes and is not in a hurry.

What follows is not a complete guide to {subject}. It is a list of the things that surprised me, in
the order in which they did, with the mistakes left in.

Last week I found my first notes on {subject} in a drawer. They were wrong in interesting ways. I
have copied them out here, with what I would say to them today.

The first thing to know about {subject} is that nobody agrees on the first thing to know. The second
is that it hardly matters where you start, as long as you come back the next day.

It was raining, the shop was closed, and I had promised to finish something before dinner. That is
how most of what I know about {subject} was learned: with less time than I wanted, and with what was
in the house.

I used to be suspicious of people who talked about {subject} with shining eyes. Now I am one of
them. Let me explain how that happened, as plainly as I can.

This began as a short answer to a comment and grew out of hand. The question was simple: is
{subject} worth the trouble? The answer is yes, but the trouble is not where I expected it.
""")

PARAGRAPHS = _paragraphs("""
The trouble with most introductions is that they begin with equipment. You need very little. A clear
table, something to write with and one good hour will take you further than anything you can order.

Start smaller than feels sensible. A small thing that is finished teaches more than a large thing
that is not, and **finishing is the part that needs practice**. The next one may be larger.

I keep a notebook for {subject}, and I write in it before I begin, not after. What I expected to
happen turns out to be far more useful than what did, because it is the only part I cannot
reconstruct.

It helps to know one person who is a little better than you, and one who is a little worse. The
first shows you what is next. The second shows you how much you already know.

Nobody tells you how much of {subject} is waiting. The waiting is not wasted: it is when you see
what you have actually done. I have learned to keep a book within reach, and to look up from it
often.

There was a week when nothing worked. I changed one thing, then another, then three at once, and of
course I could not tell which of them had mattered. Now I change one thing at a time and sleep on
it.

If you only remember one sentence from this page, let it be this one: *do the boring part first*.
The interesting part will still be there afterwards, and you will have both hands free for it.

The old books on {subject} are better than their reputation. They assume that the reader has
patience and no money, which is a fair description of most of us. I have listed a few of them on
[my reading page](https://example.com/reading).

Much of what is written about {subject} is really about speed. I have never been fast. What I can
offer instead is a way of working that leaves very little to do over.

A friend of mine divides every task into three parts: the part you like, the part you put off, and
the part you did not know was there. With {subject} the third part is the largest.

You will hear that there is one right way. There are at least four, and they all work if you follow
one of them to the end. The mistakes happen when you start with one and finish with another.

I made a table once of everything that had gone wrong in a year. The result was humbling and very
useful: more than half of it had one cause, and the cause was that I had been tired.

Good light matters more than good tools. So does a chair of the right height, and a door that can be
closed. None of this is about {subject}, and all of it shows in the result.

When I teach this, I ask people to do it badly on purpose first. It takes the fear out of the room,
and it shows better than any lecture which details matter and which are only custom.

There is a moment, usually in the third week, when {subject} stops being a set of rules and starts
to be something you look forward to. It cannot be hurried. It can be missed, if you stop in the
second.

The difference between a good result and a poor one was often visible from the start, and I did not
look. These days I stop after the first few minutes and ask whether I would keep this if somebody
else had made it.

I am often asked what it costs. The honest answer is that {subject} costs as much as you let it. My
own rule is to buy a thing only after I have borrowed it three times.

Some of this will be out of date soon. The principles have held for a long time, though, and where I
was unsure I have said so. Corrections are welcome, and I keep
[a list of them](https://example.com/corrections).

Take the long way round at least once. The shortcuts in {subject} are good ones, but they only make
sense when you know what it is that they cut short.

I once asked an expert what she did differently from the rest of us. She thought about it for a
while and said that she put things back where they belonged. I laughed, and then I went home and
tidied up.

The season makes a difference. In winter I plan and repair; in summer I do, and write down what
should have been planned. By autumn the two lists have usually met.

Do not compare your beginning with somebody else's middle. It is easy to say and hard to do,
especially with {subject}, where people show their best day and keep quiet about the other six.

There is a checklist further down. I resisted checklists for years because they seemed to take the
joy out of it. It is the other way round: the list remembers the dull things, so that I can think of
the rest.

What surprised me most was how much of {subject} carries over. I became more patient in the kitchen,
more careful with letters, and slightly better at admitting that I had measured the wrong thing.

Every explanation leaves something out. This one leaves out the exceptions, of which there are many,
because you will meet them soon enough and will recognise them better if you know the rule.

Ask yourself what would happen if you left it out. This applies to steps, to parts, to adjectives
and to meetings. I have yet to find a piece of {subject} that did not improve by losing a little.

The best advice I was given came in the form of a question: who is it for? Once I could answer that,
half of my decisions made themselves, and the other half became arguments worth having.

On bad days I do the smallest possible version. Five minutes of {subject} keep the thread from
breaking, and more often than not the five minutes turn into an hour.

I would rather repair than replace, even when it takes longer. You learn how a thing is made by
taking it apart, and you treat it differently once you know.

It is tempting to finish with a rule. Here is one, with the warning that I break it about once a
month: stop while you still know what comes next.

People who are good at {subject} look slow. Watch their hands, or their cursor, and you will see
that nothing is done twice. Being quick is mostly a matter of not having to go back.

There is more to say about where the words come from, and somebody has said it already: the
[short glossary](https://example.com/glossary) is a good place to look things up while you read.
""")

CLOSINGS = _paragraphs("""
That is all I know for certain, and some of it I knew already when I started. Tell me in the
comments what I have missed.

If you try this, write to me about how it went. The failures are at least as interesting as the
rest, and I promise to answer.

Next time I want to look at the other side of {subject}: how to stop, and what to do with everything
that has piled up by then.

None of this is difficult. It only has to be done more than once, and preferably in good company.

I have left the door open here on purpose. {Subject} is a long conversation, and I have only walked
in on the middle of it.

Thank you for reading this far. Now close the page and go and do ten minutes of it.

The longer version of this, with sources, lives
[over here](https://example.com/longer-version). It is less fun to read, and more precise.

So: begin small, keep notes, be kind to your former self. The rest is {subject}.
""")

HEADINGS = tuple(
    """
A word about tools
Before you begin
How I do it now
In defence of the slow way
One thing at a time
Practice, not talent
Questions people ask
Small things that help
Starting again
The first attempt
The part nobody likes
The second attempt
What I would do differently
What it costs
What went wrong
What went well
When to stop
Where to look next
Why bother with {subject}?
{Subject}, day by day
""".strip().splitlines()
)

BLOCKS = (
    """\
What you need to begin:

- a free hour, or two half ones
- a notebook that you do not mind spoiling
- one question about {subject} that you really want answered
- somebody to show the result to""",
    """\
The steps, in the order that works for me:

1. Decide what *finished* means, and write it down.
2. Do the smallest version that deserves the name.
3. Leave it alone overnight.
4. Look at it again with fresh eyes, and remove one thing.
5. Show it to somebody before you feel ready.""",
    """\
Three signs that you are going too fast:

* you cannot say what you did ten minutes ago
* you are looking for something that was in your hand
* you have stopped enjoying it""",
    """\
Things I no longer do:

- buy anything in the first month
- work on it after ten in the evening
- compare notes with people who only talk about results
- **apologise for being a beginner**""",
    """\
My weekly round:

1. Monday: tidy up, and choose one thing.
2. Midweek: work on it, twice, briefly.
3. Saturday: finish it, or admit that it was the wrong thing.
4. Sunday: write half a page about {subject}, good or bad.""",
    "> The best time to write it down is before you understand it completely.",
    """\
> Begin where you are.
> Use what is in the drawer.
> Stop before you are tired.""",
    "> A rule is a letter from somebody who made the mistake before you.",
    """\
> What is worth doing is worth doing slowly,
> and what is not worth doing is not worth doing fast.""",
    "> Ask what you would do if nobody were watching, and then do it where people can see.",
    """\
I keep my log in a plain text file, and it has outlived three clever programs:

```text
day 1   read the first chapter, understood the pictures
day 2   first attempt, too large
day 3   second attempt, half the size, kept it
day 5   asked for help; should have asked on day 1
```""",
    """\
Being who I am, I wrote a little program to tell me when I last did any of it:

```python
from datetime import date


def days_since(last: date, today: date) -> int:
    return (today - last).days


print(days_since(date(2026, 3, 1), date(2026, 3, 15)), "days, and counting")
```""",
    """\
The same, for those who keep their notes in a table:

```sql
SELECT strftime('%Y-%m', noted_on) AS month, count(*) AS notes
FROM notes
WHERE finished
GROUP BY month
ORDER BY month DESC;
```""",
    """\
And because this site has an API, the latest posts are one query away:

```graphql
query Latest {
  posts(first: 5) {
    nodes { title publishedAt author { displayName } }
  }
}
```""",
    """\
I start every session with the same two commands, mostly to get into the mood:

```sh
mkdir -p "notes/$(date +%Y)"
"${EDITOR:-vi}" "notes/$(date +%Y)/$(date +%m-%d).md"
```""",
    """\
A rough comparison, after one year:

| Way of working | Results | Evenings lost |
| --- | --- | --- |
| With a plan | good | few |
| Without one | now and then very good | many |
| With somebody else's plan | none | all of them |""",
    """\
A checklist for {subject}, to be read aloud:

- [ ] Is the table clear?
- [ ] Do I know what finished looks like?
- [ ] Have I looked at the notes from last time?
- [ ] Is there tea?""",
)
