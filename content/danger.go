package content

import "strings"

// Danger says whether words sound like a crisis: wanting to die, a plan or the means, a goodbye, having taken something,
// somebody who cannot be woken, voices that command; about oneself or another. It is meant for every free text that
// reaches the bot, not only questions. words/danger.txt says where the line is drawn, and why it leans to yes. English only.
func (l *Library) Danger(text string) bool {
	danger, _ := l.listen(tokens(text))
	return danger
}

// listen says whether words sound like danger, and, when not, whether they speak of it so that the lines belong beside the answer.
func (l *Library) listen(toks []string) (danger, aware bool) {
	words := l.danger.read(toks)
	if len(l.danger.find(words, "sure")) > 0 {
		return true, false
	}
	explained := l.danger.cover(words, "info")
	left := l.danger.cover(explained, "safe")
	if len(l.danger.find(left, "yes")) > 0 {
		return true, false
	}
	for _, w := range left {
		if strings.HasPrefix(w, "suicid") {
			return true, false
		}
	}
	return false, len(words) > 0 && &explained[0] != &words[0]
}

// mustRefuse gives the refusal that words plainly call for, or nothing.
func (l *Library) mustRefuse(toks []string) string {
	words := l.refuse.read(toks)
	left := l.refuse.cover(words, "safe")
	for _, kind := range sortedKeys(l.refusals) {
		if len(l.refuse.find(left, kind)) > 0 {
			return kind
		}
	}
	return ""
}
