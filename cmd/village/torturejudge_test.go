package main

import (
	"fmt"
	"strings"
	"time"
)

// tortureCalm is how long what was promised may take after all is well again; what has
// come is looked at once more after tortureEcho.
const (
	tortureCalm = 100 * time.Second
	tortureEcho = time.Second
)

// promised are the things that were acknowledged: a card for each request, and for
// each yes a question to whoever asked.
func (x *torture) promised() map[string]bool {
	out := map[string]bool{}
	note := func(a wish, text string, commands []string) {
		switch {
		case a.claims == "" && strings.Contains(text, "I'm asking your village"):
			out["card "+a.words] = true
		case a.claims != "" && strings.Contains(text, "You are down for this one"):
			out["question "+a.claims] = true
		}
	}
	for _, a := range x.uses {
		if m := a.use.Answered(); m != nil {
			note(a, m.Text(), m.Commands())
		}
	}
	private := map[string][]string{}
	for _, m := range x.slack.Messages() {
		if m.Ephemeral {
			private[m.User] = append(private[m.User], m.Words()+"\n"+strings.Join(m.Commands(), "\n"))
		}
	}
	for _, a := range x.typed {
		for _, text := range private[a.user] {
			if a.claims == "" && strings.Contains(text, a.words) || a.claims != "" && strings.Contains(text, "/need release "+a.claims) {
				note(a, text, nil)
			}
		}
	}
	return out
}

// arrived says how often everything has come for people to see.
func (x *torture) arrived() map[string]int {
	out := map[string]int{}
	note := func(room bool, text string, commands []string) {
		if i := strings.Index(text, "stop "); room && i >= 0 && strings.Contains(text, "for ") {
			words, _, _ := strings.Cut(text[i:], "z")
			out["card "+words+"z"]++
		}
		for _, line := range commands {
			if code, is := strings.CutPrefix(line, "/need approve "); is && !room {
				code, _, _ = strings.Cut(code, " ")
				out["question "+code]++
			}
		}
	}
	for _, m := range x.discord.Messages() {
		if m.Author == nil && !m.Ephemeral() && !m.Waiting {
			note(m.Channel.ID == x.room.ID, m.Text(), m.Commands())
		}
	}
	for _, m := range x.slack.Messages() {
		if !m.Ephemeral {
			note(m.Channel == tortureRoom, m.Words(), m.Commands())
		}
	}
	return out
}

// judge waits until all that was promised has come, and counts what has not, and what
// has come twice.
func (x *torture) judge(lasted time.Duration) {
	lost := func() (missing []string) {
		there := x.arrived()
		for what := range x.promised() {
			if there[what] == 0 {
				missing = append(missing, what)
			}
		}
		return missing
	}
	calm, took, stood := time.Now(), time.Duration(0), time.Duration(0)
	missing := lost()
	left, moved := len(missing), time.Now() // when something came last
	for quiet := time.Now(); (len(missing) > 0 || time.Since(quiet) < tortureEcho) && time.Since(calm) < tortureCalm; missing = lost() {
		if len(missing) > 0 { // also by what was promised since
			quiet, took, stood = time.Now(), time.Since(calm), max(stood, time.Since(moved))
		}
		if len(missing) != left {
			left, moved = len(missing), time.Now()
		}
		<-time.After(200 * time.Millisecond)
	}
	var doubled []string
	there := x.arrived()
	for what, n := range there {
		if n > 1 {
			doubled = append(doubled, what+x.where(what))
		}
	}
	starts := int64(0)
	for _, p := range x.processes {
		p.end()
		starts += p.starts.Load()
	}
	promises := len(x.promised())
	x.Logf("%v: %d operations, faults %v, %d starts, %d promises, all there %v after it was calm, never more than %v without one; lost %d, doubled %d",
		lasted, x.ops, x.faults, starts, promises, took.Round(100*time.Millisecond), stood.Round(100*time.Millisecond), len(missing), len(doubled))
	if len(missing)+len(doubled) > 0 {
		for i, what := range missing {
			missing[i] += x.where(what)
		}
		x.Errorf("lost %v, doubled %v", missing, doubled)
	}
	if promises == 0 {
		x.Error("nothing was promised")
	}
}

// where says what stands where of a card that came twice.
func (x *torture) where(what string) string {
	_, words, _ := strings.Cut(what, " ")
	out := ""
	for _, m := range x.slack.Messages() {
		if strings.Contains(m.Words()+strings.Join(m.Commands(), " "), words) {
			out += fmt.Sprintf("\n  Slack %s %s via %s, %d edits, %s: %.200q", m.TS, m.To(), m.Via, m.Edits, m.At.Format("15:04:05.000"), m.Words())
		}
	}
	for _, m := range x.discord.Messages() {
		if strings.Contains(m.Text()+strings.Join(m.Commands(), " "), words) {
			out += fmt.Sprintf("\n  Discord %s in %q: %.200q", m.ID, m.Channel.Name, m.Text())
		}
	}
	return out
}
