package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"village/bot/console"
)

// tally counts what a conversation sends, to whom, and on which day.
type tally struct {
	days map[tallied]counts
	// words are the lengths of what nobody had just asked for.
	words []int
}

// tallied is somebody, or a channel ("#village"), on one day.
type tallied struct{ who, day string }

// counts are messages: sent (or posted) without being asked for, changed where they
// stood, and answers.
type counts struct{ sent, edited, answers int }

func (c counts) plus(o counts) counts {
	return counts{c.sent + o.sent, c.edited + o.edited, c.answers + o.answers}
}

func newTally() *tally { return &tally{days: map[tallied]counts{}} }

// add counts a message.
func (t *tally) add(m console.Message, at time.Time) {
	key := tallied{m.To, at.Format("2006-01-02 Mon")}
	c := t.days[key]
	switch {
	case m.Answer:
		c.answers++
	case m.Edit:
		c.edited++
	default:
		c.sent++
		t.words = append(t.words, m.Words)
	}
	t.days[key] = c
}

// whole is everything that somebody was sent, and the most that came on one day.
func (t *tally) whole(who string) (all counts, most int) {
	for key, c := range t.days {
		if key.who != who {
			continue
		}
		all, most = all.plus(c), max(most, c.sent)
	}
	return all, most
}

// print is the tally for reading: a line for everybody and each day, and one for all of
// their days.
func (t *tally) print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	keys := slices.SortedFunc(maps.Keys(t.days), func(a, b tallied) int {
		return cmp.Or(strings.Compare(a.who, b.who), strings.Compare(a.day, b.day))
	})
	line := func(who, day string, c counts) {
		kind := "direct"
		if strings.HasPrefix(who, "#") {
			kind = "posts"
		}
		fmt.Fprintf(out, "%s\t%s\t%s %d\tedits %d\tanswers %d\n", who, day, kind, c.sent, c.edited, c.answers)
	}
	for i, key := range keys {
		line(key.who, key.day, t.days[key])
		if i == len(keys)-1 || keys[i+1].who != key.who {
			all, most := t.whole(key.who)
			line(key.who, fmt.Sprintf("in all, at most %d a day", most), all)
		}
	}
	if slices.Sort(t.words); len(t.words) > 0 {
		fmt.Fprintf(out, "words of a message, answers apart: half at most %d, nine of ten at most %d\n", t.words[len(t.words)/2], t.words[len(t.words)*9/10])
	}
	return out.Flush()
}
