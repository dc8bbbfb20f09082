package content

import (
	"slices"
	"strings"
)

// Danger says whether words sound like a crisis: wanting to die, a plan or the means, a goodbye, having taken something,
// somebody who cannot be woken, voices that command; about oneself or another. It is meant for every free text that
// reaches the bot, not only questions. words/danger.txt says where the line is drawn, and why it leans to yes. English only.
func (l *Library) Danger(text string) bool {
	return l.listen(tokens(text)).danger
}

// heard is what there is in somebody's words beside the question.
type heard struct {
	danger bool
	aware  bool     // they speak of danger without being in it: the lines belong beside the answer
	plain  []string // the words without set phrases such as "killing it"
}

// dangerAt is how likely the finder must find danger to be for it to be taken for danger, where no rule has. Set low on purpose.
const dangerAt = 0.30

// listen looks for danger twice: by the rules, and, since nobody can think of every way to say it, by likeness to the ways we know.
func (l *Library) listen(toks []string) heard {
	words := l.danger.read(toks)
	plain := l.danger.cover(words, "idiom", nil)
	h := heard{plain: toks}
	if changed(plain, words) {
		h.plain = slices.Clone(toks)
		for i, w := range plain {
			if w == "_" && l.danger.has("hard", words[i]) {
				h.plain[i] = stop
			}
		}
	}
	if len(l.danger.find(words, "sure")) > 0 {
		h.danger = true
		return h
	}
	explained := l.danger.cover(words, "info", nil)
	explained = l.danger.cover(explained, "ask", l.danger.speaksOfSelf)
	h.aware = changed(explained, words)
	left := l.danger.cover(l.danger.cover(explained, "idiom", nil), "safe", nil)
	if len(l.danger.find(left, "yes")) > 0 {
		h.danger = true
		return h
	}
	rest := slices.Clone(toks)
	for i, w := range left {
		if strings.HasPrefix(w, "suicid") {
			h.danger = true
			return h
		}
		if w == "_" {
			rest[i] = stop
		}
	}
	// Set phrases taken out may leave a torso that looks like anything, and left in they may look like danger: both readings count.
	h.danger = l.finder.danger(h.plain, changed(plain, words)) >= dangerAt && (slices.Equal(left, plain) || l.finder.danger(rest, true) >= dangerAt)
	return h
}

func changed(covered, words []string) bool {
	return len(words) > 0 && &covered[0] != &words[0]
}

// speaksOfSelf says whether words hold an i, my or the like: then they are no mere question about others.
func (b *rulebook) speaksOfSelf(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return b.has("me", w) })
}

// has says whether a word is in a set.
func (b *rulebook) has(set, word string) bool {
	return slices.ContainsFunc(b.sets[set], func(entry []string) bool { return entry[0] == word })
}

// mustRefuse gives the refusal that words plainly call for, or nothing.
func (l *Library) mustRefuse(toks []string) string {
	words := l.refuse.read(toks)
	left := l.refuse.cover(words, "safe", nil)
	for _, kind := range sortedKeys(l.refusals) {
		if len(l.refuse.find(left, kind)) > 0 {
			return kind
		}
	}
	return ""
}
