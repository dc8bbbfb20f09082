package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// examiner holds a simulated village to its promises. It knows what is kept by every
// commit that went through, and what people were told by every message that arrived.
type examiner struct {
	v       *simVillage
	needs   map[string]village.Need
	order   []string             // needs, in the order in which they were asked for
	changed map[string]time.Time // when somebody's place in a need last changed
	flighty map[string]bool      // needs that people came to and left within a minute
	secrets map[string]string    // words only for those who help, and whose they are
	told    map[string]time.Time // need and person: when they last heard of it
	asked   map[string]bool      // need and person: they were asked to answer
	stepped map[string]bool      // needs that somebody stepped back from
	home    map[string]bool      // people who said, or of whom somebody said, that they are home
	judged  map[string]bool      // needs whose start has been looked at
	last    map[string]simSaid   // what was last said to an address, by its words
	awayTo  time.Time            // until when the program is away
	bad     time.Time            // when there was last any trouble
	speaker *simPerson
	saying  string
}

type simSaid struct {
	at    time.Time
	nonce string
}

func newExaminer(v *simVillage) *examiner {
	return &examiner{v: v, needs: map[string]village.Need{}, changed: map[string]time.Time{}, flighty: map[string]bool{}, secrets: map[string]string{},
		told: map[string]time.Time{}, asked: map[string]bool{}, stepped: map[string]bool{}, home: map[string]bool{}, judged: map[string]bool{}, last: map[string]simSaid{}}
}

func (e *examiner) fault(format string, args ...any) {
	e.v.Helper()
	e.v.Errorf("seed %d, %s: "+format, append([]any{e.v.seed, e.v.now().Format("Mon 2 Jan 15:04:05")}, args...)...)
}

func (e *examiner) away(now time.Time) bool { return now.Before(e.awayTo) }

func (e *examiner) goAway(until time.Time) {
	e.awayTo = until
	e.bad = until
}

// trouble notes that for a while nobody can expect anything in time.
func (e *examiner) trouble() {
	if now := e.v.now(); now.After(e.bad) {
		e.bad = now
	}
}

// quietSince says whether there has been no trouble for so long.
func (e *examiner) quietSince(d time.Duration) bool { return e.v.now().Sub(e.bad) > d }

// secret is a word that nobody may read but those who help its author.
func (e *examiner) secret(p *simPerson) string {
	word := fmt.Sprintf("secret%dx", len(e.secrets))
	e.secrets[word] = p.id
	return word
}

func (e *examiner) anyNeed(rng *rand.Rand) string {
	if len(e.order) == 0 {
		return ""
	}
	return e.order[len(e.order)-1-rng.IntN(min(len(e.order), 8))]
}

func (e *examiner) speaks(p *simPerson, line string) { e.speaker, e.saying = p, line }
func (e *examiner) spoken()                          { e.speaker, e.saying = nil, "" }

// committed looks at what was written.
func (e *examiner) committed(c store.Change) {
	for _, d := range c.Puts {
		switch d.Kind {
		case records.KindNeed:
			var n village.Need
			if err := json.Unmarshal(d.Body, &n); err != nil {
				e.fault("a request cannot be read: %v", err)
				continue
			}
			e.needPut(n)
		case scheduler.KindDead:
			e.buried(d)
		}
	}
}

// needPut: never two winners, and nothing comes back to life.
func (e *examiner) needPut(n village.Need) {
	before, known := e.needs[n.ID]
	if !known {
		e.order = append(e.order, n.ID)
	}
	e.needs[n.ID] = n
	if n.Spoken() > n.Wanted || len(n.Helpers()) > n.Wanted {
		e.fault("%s wants %d and has let in %d", n.ID, n.Wanted, len(n.Helpers()))
	}
	helpers := map[string]bool{n.Member.ID: true}
	for _, c := range slices.Concat(n.Claims, n.Backups) {
		if helpers[c.Helper.ID] {
			e.fault("%s is down twice for %s, or for their own", c.Helper.ID, n.ID)
		}
		helpers[c.Helper.ID] = true
		if !c.Home.IsZero() {
			e.home[n.Member.ID] = true
		}
	}
	if known && before.Why == village.Cancelled && n.Why != village.Cancelled {
		e.fault("%s was cancelled and is %q", n.ID, n.Why)
	}
	if !n.Arrived.IsZero() {
		e.home[n.Member.ID] = true
	}
	if known && len(names(before)) != len(names(n)) || !before.Start.Equal(n.Start) {
		e.flighty[n.ID] = e.flighty[n.ID] || known && e.v.now().Sub(e.changed[n.ID]) < time.Minute
		e.changed[n.ID] = e.v.now()
		delete(e.judged, n.ID)
	}
	for id := range names(before) {
		if !helpers[id] && e.speaker != nil && e.speaker.id == id {
			e.stepped[n.ID] = true
		}
	}
}

func names(n village.Need) map[string]bool {
	out := map[string]bool{}
	for _, c := range n.Claims {
		out[c.Helper.ID] = true
	}
	return out
}

// buried: only what cannot be reached, or was refused for days, is given up.
func (e *examiner) buried(d store.Doc) {
	var letter scheduler.DeadLetter
	if err := json.Unmarshal(d.Body, &letter); err != nil || letter.Reason == scheduler.ReasonUnreachable {
		return
	}
	e.fault("given up (%s): %s %s to %s", letter.Reason, letter.Kind, letter.ID, letter.To)
}

var simNeedCode = regexp.MustCompile(`^/need [a-z]+ ([a-z0-9]{6})`)

// about is the need that a message is about, by its buttons.
func (e *examiner) about(m bot.Message) (village.Need, bool) {
	for _, b := range m.Flat().Buttons {
		if code := simNeedCode.FindStringSubmatch(b.Command); code != nil {
			n, ok := e.needs[code[1]]
			return n, ok
		}
	}
	return village.Need{}, false
}

// sent looks at a message that has arrived, not at its repeats.
func (e *examiner) sent(o bot.Outgoing) {
	e.private(o.To.Person, o.Message)
	e.once(o)
	n, about := e.about(o.Message)
	if !about {
		return
	}
	e.heard(n, o.To.Person, o.Message)
	e.truthful(o, n)
}

// heard notes that somebody knows of a need, and what they were asked.
func (e *examiner) heard(n village.Need, id string, m bot.Message) {
	key := n.ID + " " + id
	e.told[key] = e.v.now()
	for _, b := range m.Flat().Buttons {
		if strings.HasPrefix(b.Command, "/need still ") {
			e.asked[key] = true
		}
	}
}

func (e *examiner) edited(m bot.Message) {
	e.private("", m)
	if n, about := e.about(m); about {
		e.thanks(m, n)
	}
}

// answered looks at what somebody is told who asked.
func (e *examiner) answered(p *simPerson, m bot.Message) {
	e.private(p.id, m)
	if n, about := e.about(m); about {
		e.heard(n, p.id, m)
	}
	if strings.Contains(m.Text, "Something went wrong on my side") && e.v.calm {
		e.fault("an apology to %s", p.name)
	}
}

// private: what is for those who help is read by nobody else.
func (e *examiner) private(reader string, m bot.Message) {
	m = m.Flat()
	text := m.Title + m.Text + m.Footer
	for _, f := range m.Fields {
		text += " " + f.Value
	}
	if !strings.Contains(text, "secret") {
		return
	}
	for word, author := range e.secrets {
		if !strings.Contains(text, word) || reader == author {
			continue
		}
		helps := func(n village.Need) bool {
			return n.Member.ID == author && n.Details && slices.ContainsFunc(n.Helpers(), func(c village.Claim) bool { return c.Helper.ID == reader })
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(e.needs)), helps) {
			e.fault("%q reads what %s wrote for helpers: %q", reader, author, text)
		}
	}
}

// once: what was said is not said again soon after under another name, an alarm not
// even in half an hour, whatever the trouble was.
func (e *examiner) once(o bot.Outgoing) {
	words := o.To.Person + o.To.Room + "\x00" + o.Message.Title + "\x00" + o.Message.Text
	for _, b := range o.Message.Flat().Buttons { // two requests can be alike but for their codes
		words += "\x00" + b.Command
	}
	before, said := e.last[words]
	e.last[words] = simSaid{e.v.now(), o.Nonce}
	soon := time.Minute
	n, about := e.about(o.Message)
	if about && e.flighty[n.ID] { // they did it twice
		soon = 0
	}
	if o.Message.Title == "Still nobody" && !e.reopened(o.Message, before.at) {
		soon = 29 * time.Minute // the clock may be set back meanwhile
	}
	if said && before.nonce != o.Nonce && e.v.now().Sub(before.at) < soon {
		e.fault("said twice to %s%s within %v: %q %q", o.To.Person, o.To.Room, e.v.now().Sub(before.at), o.Message.Title, o.Message.Text)
	}
}

// reopened says whether a request was open for another reason when an alarm was last
// raised for it.
func (e *examiner) reopened(m bot.Message, since time.Time) bool {
	n, about := e.about(m)
	return about && n.Opened.After(since.Add(-time.Minute))
}

// truthful: no alarm that is not.
func (e *examiner) truthful(o bot.Outgoing, n village.Need) {
	text := o.Message.Text
	has := func(words string) bool { return strings.Contains(text, words) }
	e.thanks(o.Message, n)
	switch {
	case has("has nobody yet") && len(n.Helpers()) > 0, has("nobody is down for it") && len(n.Helpers()) > 0, has("Nobody has said yes yet") && len(n.Helpers()) > 0:
		e.fault("%s has somebody: %q", n.ID, text)
	case has("Somebody had to step back") && !e.stepped[n.ID]:
		e.fault("nobody stepped back from %s: %q", n.ID, text)
	case has("nobody has told me yet that they are there") && n.AllThere():
		e.fault("all are there of %s: %q", n.ID, text)
	case has("has not answered whether it is still on"), has("I asked **") && has("have no answer yet"):
		asked := func(c village.Claim) bool { return c.Silent && e.asked[n.ID+" "+c.Helper.ID] }
		if !slices.ContainsFunc(n.Claims, asked) {
			e.fault("nobody was asked about %s: %q", n.ID, text)
		}
	case has("says that nobody has come") && n.Stranded.IsZero():
		e.fault("nobody waits for %s: %q", n.ID, text)
	}
	if has("Welcome home") && !e.home[n.Member.ID] {
		e.fault("nobody said that %s is home: %q", n.Member.ID, text)
	}
}

// thanks: nobody is thanked before somebody is home.
func (e *examiner) thanks(m bot.Message, n village.Need) {
	for _, f := range m.Fields {
		if strings.Contains(f.Value, "Thank you to everybody who helped") && n.Kind.Travels() && !n.AllThere() {
			e.fault("thanks for %s before anybody is there", n.ID)
		}
	}
}

// look is after every step: nobody is without a word before their ride.
func (e *examiner) look() {
	if e.away(e.v.now()) || !e.quietSince(time.Hour) {
		return
	}
	for _, id := range e.order {
		n := e.needs[id]
		now := e.v.now()
		since := now.Sub(n.Start)
		if e.judged[id] || since < 0 || since > 3*time.Hour || n.Why == village.Cancelled || !now.Before(n.End) {
			continue
		}
		e.judged[id] = true
		e.judge(n)
	}
}

// judge looks at a need that has begun, where all was well for an hour before.
func (e *examiner) judge(n village.Need) {
	asked := n.Start.Sub(n.Asked)
	if asked < 2*time.Hour || e.v.now().Sub(e.changed[n.ID]) < 2*time.Hour {
		return
	}
	inTime := n.Kind.BringsHome() || e.bad.Before(n.Opened) // what has begun meanwhile is told late for a ride home alone
	if len(n.Claims) == 0 && inTime && n.Came.IsZero() && !e.takesNothing(n.Member.ID) && e.told[n.ID+" "+n.Member.ID].Before(n.Opened.Add(time.Second)) {
		e.fault("%s has begun without anybody, and %s never heard of it", n.ID, n.Member.ID)
	}
	for _, c := range n.Helpers() {
		if !village.IsGuest(c.Helper.ID) && !e.takesNothing(c.Helper.ID) && e.told[n.ID+" "+c.Helper.ID].Before(c.At) {
			e.fault("%s has begun, and %s never heard more of it", n.ID, c.Helper.ID)
		}
	}
}

func (e *examiner) takesNothing(id string) bool {
	return slices.ContainsFunc(e.v.people, func(p *simPerson) bool { return p.id == id && p.closed })
}

// lastLook: what was promised and due has been seen to, every bit of it.
func (e *examiner) lastLook() {
	now := e.v.now()
	err := e.v.kept.Walk(e.v.Context(), func(store.Doc) error { return nil }, func(j store.Job) error {
		if now.Sub(j.Due) > time.Hour {
			e.fault("still owed, since %v: %s %s", j.Due, j.Kind, j.ID)
		}
		return nil
	})
	if err != nil {
		e.fault("what is kept cannot be looked at: %v", err)
	}
}
