"""The explorer: the page that browsers are shown, and what it is told of costs."""
