package village

import (
	"cmp"
	"slices"
	"time"
)

// Limits of a journal.
const (
	// MaxJournalWords is how long one entry may be, in characters.
	MaxJournalWords = 4000
	// MaxJournal is how many entries one person may keep.
	MaxJournal = 1000
	// promptOpen is how long after a prompt the next words belong to it.
	promptOpen = 24 * time.Hour
	// moreOfIt is how long after an entry further words belong to the same prompt:
	// people write in several messages.
	moreOfIt = 30 * time.Minute
	// listens is how long somebody who asked to write may take to begin.
	listens = 2 * time.Hour
	// belongsFor is how long after a session an entry belongs to it.
	belongsFor = 60 * 24 * time.Hour
)

// Entry is something that a person has written down for themselves. Nobody else reads
// it.
type Entry struct {
	ID string `json:"id"`
	// At is when it was written, Day the date then on its writer's clock, such as
	// "2026-12-02".
	At  time.Time `json:"at"`
	Day string    `json:"day"`
	// Session is the session that it belongs to (an ID), SessionAt when that began;
	// both are empty for none.
	Session   string    `json:"session,omitempty"`
	SessionAt time.Time `json:"session_at,omitzero"`
	// Prompt is the words that it answers, and Key what those belong to.
	Prompt string `json:"prompt,omitempty"`
	Key    string `json:"key,omitempty"`
	Words  string `json:"words"`
	// Question marks what somebody wants to ask next time.
	Question bool `json:"question,omitempty"`
	// Along marks what somebody wants to take to their therapist.
	Along bool `json:"along,omitempty"`
	// Heavy marks words that the lines for a crisis stood beside: nobody is led back to
	// them.
	Heavy bool `json:"heavy,omitempty"`
}

// KeptUntil is when an entry is removed: a year after it was written.
func (e Entry) KeptUntil() time.Time { return e.At.AddDate(1, 0, 0) }

// Journal is what a person has written, by when.
type Journal []Entry

// On are the entries of a day (a date such as "2026-12-02").
func (j Journal) On(day string) Journal {
	return j.only(func(e Entry) bool { return e.Day == day })
}

// Of are the entries that belong to a session (an ID).
func (j Journal) Of(session string) Journal {
	return j.only(func(e Entry) bool { return e.Session == session })
}

// Along are the entries that somebody wants to take along.
func (j Journal) Along() Journal { return j.only(func(e Entry) bool { return e.Along }) }

// Questions are what somebody wants to ask next time.
func (j Journal) Questions() Journal { return j.only(func(e Entry) bool { return e.Question }) }

// Written are the entries that are no questions.
func (j Journal) Written() Journal { return j.only(func(e Entry) bool { return !e.Question }) }

func (j Journal) only(keep func(Entry) bool) Journal {
	return slices.DeleteFunc(slices.Clone(j), func(e Entry) bool { return !keep(e) })
}

// Prompt is what somebody was given to write about, or asked to write.
type Prompt struct {
	// Key names it among all of a person's. It is empty for nothing in particular.
	Key string
	// Step is the reminder it came with. Without one it is the card of an intention.
	Step Step
	Card string
	// Session is the session that an answer belongs to; it may be empty.
	Session Session
	at      time.Time
}

// Waiting is that somebody has asked to write, and not begun.
type Waiting struct {
	Since time.Time `json:"since"`
	// Question says that they want to write down something to ask.
	Question bool `json:"question,omitempty"`
}

// Until is when their next words are taken for an answer no more.
func (w Waiting) Until() time.Time { return w.Since.Add(listens) }

// Open says whether the next words are still waited for.
func (w Waiting) Open(now time.Time) bool { return !w.Since.IsZero() && now.Before(w.Until()) }

// OpenPrompt is the last idea or card that somebody was given in the last day, while
// what they write still belongs to it: until half an hour after they began. Their
// plans and quiet hours say what they were given.
func OpenPrompt(courses []Course, j Journal, quiet Quiet, now time.Time) (Prompt, bool) {
	var last Prompt
	for _, c := range courses {
		if c.Draft {
			continue
		}
		for _, s := range c.Sessions {
			if s.Card != "" && s.live() && !s.Drawn.After(now) {
				last = last.orLater(Prompt{Key: intentions + s.ID + "/" + s.Card, Card: s.Card, Session: s, at: s.Drawn})
			}
		}
		for _, step := range Plan(c.Beside(courses), quiet) {
			if step.Due.After(now) || step.Name != EveningCard && step.Name != Integration {
				continue
			}
			s, _ := c.Session(step.Session)
			last = last.orLater(Prompt{Key: step.Key(), Step: step, Card: c.Prompts[step.Key()], Session: s, at: step.Due})
		}
	}
	open := !last.at.IsZero() && now.Sub(last.at) < promptOpen
	first := slices.IndexFunc(j, func(e Entry) bool { return e.Key == last.Key })
	return last, open && (first < 0 || now.Sub(j[first].At) < moreOfIt)
}

func (p Prompt) orLater(other Prompt) Prompt {
	if other.at.After(p.at) {
		return other
	}
	return p
}

// LastSession is the session that somebody had last, or none where that is more than
// 60 days ago.
func LastSession(courses []Course, now time.Time) (last Session, some bool) {
	for _, c := range courses {
		for _, s := range c.Sessions {
			if !c.Draft && s.live() && !s.Start.After(now) && now.Sub(s.Start) < belongsFor && s.Start.After(last.Start) {
				last, some = s, true
			}
		}
	}
	return last, some
}

// LookBack is what may help somebody before their next session: the intention (a
// card's ID) of the last one, and what they wrote after it.
func LookBack(courses []Course, j Journal, now time.Time) (card string, written Journal, last Session, some bool) {
	if last, some = LastSession(courses, now); !some {
		return "", nil, last, false
	}
	written = j.Of(last.ID).Written().only(func(e Entry) bool { return e.At.After(last.Start) && !e.Heavy })
	return last.Card, written, last, last.Card != "" || len(written) > 0
}

// sorted puts entries in the order in which they were written.
func (j Journal) sorted() Journal {
	slices.SortStableFunc(j, func(a, b Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return j
}

// NewJournal is entries in the order in which they were written.
func NewJournal(entries []Entry) Journal { return Journal(slices.Clone(entries)).sorted() }

// NoRoomForEntry refuses an entry beyond MaxJournal, or one of too many characters or
// none. Its errors are *Error.
func (j Journal) NoRoomForEntry(words string) error {
	switch n := len([]rune(words)); {
	case n == 0:
		return refuse("journal-empty", "There is nothing in it yet.", "Write a word or a line, and I'll keep it for you alone.")
	case n > MaxJournalWords:
		return refuse("journal-too-long", "That is longer than one page of your journal holds.", "Please send it in two or three parts: I'll keep each.")
	case len(j) >= MaxJournal:
		return refuse("journal-full", "Your journal is full.", "Read it back, and delete what you don't need any more.")
	}
	return nil
}
