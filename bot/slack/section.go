package slack

import (
	"fmt"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// maxSection is how long a section's words may be, with their mark-up.
const maxSection = 1_200

// section writes a line of a list with its button beside it. Slack sets a button beside
// mrkdwn or plain text alone: where a word in the line could be taken for mark-up, the
// line is plain. A line without a button is an item of a list.
func (w *writer) section(l bot.Line, n int) {
	if head := clean(l.Head); head != "" {
		w.end()
		w.block(bot.Block{Spans: []bot.Span{{Text: head, Bold: true}}})
	}
	var spans []bot.Span
	for i, b := range parse(l.Text) {
		if i > 0 {
			spans = append(spans, bot.Span{Break: true})
		}
		spans = append(spans, b.Spans...)
	}
	if len(spans) == 0 {
		return
	}
	el := buttonOf(l.Button, fmt.Sprintf("%sl%d", buttonAction, n))
	if el == nil {
		w.block(bot.Block{Kind: bot.Bullet, Spans: spans})
		w.address(l.Button)
		return
	}
	w.end()
	words := spanWords(spans)
	text := slackgo.NewTextBlockObject(slackgo.MarkdownType, w.markdown(spans), false, true)
	if hasMarks(spans) || adapter.Units(text.Text) > maxSection {
		text = plainText(adapter.Clip(words, maxSection))
	}
	w.out = append(w.out, piece{
		block: slackgo.NewSectionBlock(text, nil, slackgo.NewAccessory(el)),
		words: "- " + words, typed: el.Text.Text + ": " + spelled(l.Button.Command) + l.Button.URL,
	})
}

// mark finds what mrkdwn takes for mark-up: Slack has no way to write it as it is.
var mark = regexp.MustCompile("[*_~`]|:[a-z0-9_+-]+:|(?m)^\\s*(?:>|•|-|\\d+\\.)")

func hasMarks(spans []bot.Span) bool {
	for _, s := range spans {
		if mark.MatchString(s.Text) {
			return true
		}
	}
	return false
}

// markdown is spans in mrkdwn. It is for words without marks of their own.
func (w *writer) markdown(spans []bot.Span) string {
	var b strings.Builder
	for _, s := range spans {
		words := escaper.Replace(shown(s.Text))
		switch {
		case s.Break:
			b.WriteByte('\n')
			continue
		case !s.Time.IsZero():
			words = fmt.Sprintf("<!date^%d^{date_long_pretty} at {time}|%s>", s.Time.Unix(), label(s.Text))
		case w.pings(s.Person):
			words = "<@" + account(s.Person) + ">"
		case isChannel(account(s.Room)):
			words = "<#" + account(s.Room) + ">"
		case linkable(s.Link):
			words = "<" + escapeURL(s.Link) + "|" + label(s.Text) + ">"
		}
		b.WriteString(styled(words, s))
	}
	return b.String()
}

// styled sets words in bold or italics, whose marks must not stand beside a space.
func styled(words string, s bot.Span) string {
	inner := strings.TrimSpace(words)
	if inner == "" || !s.Bold && !s.Italic {
		return words
	}
	marked := inner
	if s.Italic {
		marked = "_" + marked + "_"
	}
	if s.Bold {
		marked = "*" + marked + "*"
	}
	return strings.Replace(words, inner, marked, 1)
}
