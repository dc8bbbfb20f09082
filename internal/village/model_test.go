package village

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// world is one need, what stands to come, and a clock.
type world struct {
	n       Need
	now     time.Time
	pending map[string]Owed // the standing promises
	// said is when the last words of a standing promise were said.
	said map[string]time.Time
	// busy says whether those who stand by are, as far as the clock finds them.
	busy bool
	// heard is what everybody concerned has been told last: by the ID of whoever
	// is told, and of the guest it is about.
	heard map[string]Terms
}

// listeners are those who are to know what the need asks for now, and whether
// they know its private details.
func listeners(n Need) map[string]bool {
	who := map[string]bool{n.Member.ID: true}
	for _, c := range n.Claims {
		if IsGuest(c.Helper.ID) {
			who[c.AnswersFor(n)+"/"+c.Helper.ID] = true
		} else {
			who[c.Helper.ID] = !c.Waiting
		}
	}
	for _, b := range n.Backups {
		who[b.Helper.ID] = false
	}
	delete(who, nobody)
	return who
}

func (o Owed) key() string {
	key := string(o.What) + "/" + o.To
	if o.Each {
		key += "/" + o.About.ID
	}
	return key
}

// take carries a change over into the world: nothing is doubled, and nothing
// stands that is not due to come.
func (w *world) take(rt *rapid.T, n Need, owed []Owed) {
	said := map[string]int{}
	for who := range w.heard {
		if _, still := listeners(n)[who]; !still {
			delete(w.heard, who)
		}
	}
	for who := range listeners(n) {
		if _, knows := w.heard[who]; !knows {
			w.heard[who] = n.Terms() // they have just said yes, or were told all of it
		}
	}
	for _, o := range owed {
		if o.What == OwedThanks || o.What == OwedPromoted { // all of it
			all := n.Terms()
			if h := n.HeardBy(o.To, ""); h != nil { // what has changed is still told as a change
				all = w.heard[o.To]
				all.Details, all.Rewritten = h.Details, h.Rewritten
			}
			w.heard[o.To] = all
		}
		if o.Standing && o.Withdrawn {
			delete(w.pending, o.key())
			continue
		}
		if o.Withdrawn {
			rt.Fatalf("%s is taken back and does not stand", o.key())
		}
		if o.Due.IsZero() {
			rt.Fatalf("%s has no time", o.key())
		}
		if o.Standing {
			w.pending[o.key()] = o
			continue
		}
		if said[o.key()]++; said[o.key()] > 1 {
			rt.Fatalf("%s is owed twice", o.key())
		}
		if IsGuest(o.To) {
			rt.Fatalf("%s is owed to somebody who cannot read it", o.key())
		}
	}
	w.n = n
}

// tick does what the clock has come to, as the handlers do.
func (w *world) tick(rt *rapid.T) {
	for range 100 {
		var next *Owed
		for _, o := range w.pending {
			if !o.Due.After(w.now) && (next == nil || o.Due.Before(next.Due) || o.Due.Equal(next.Due) && o.key() < next.key()) {
				next = &o
			}
		}
		if next == nil {
			return
		}
		delete(w.pending, next.key())
		var n Need
		var owed []Owed
		switch next.What {
		case OwedOver:
			n, owed = w.n.Over(w.now)
		case OwedLadder:
			n, owed = w.n.Climb(w.now)
		case OwedSilent:
			n, owed = w.n.Silence(next.To, func(string) bool { return w.busy }, w.now)
			w.noticed(rt, *next, n, owed)
		case OwedStale:
			n, owed = w.n.NoYes(next.To, func(string) bool { return w.busy }, w.now)
			w.unheeded(rt, *next, n)
		case OwedHomeCheck:
			n, owed = w.n.HomeSilence(next.To, w.now)
		case OwedMoved:
			n, owed = w.tell(rt, *next)
		default:
			w.said[next.key()] = w.now
			if (next.What == OwedDetails || next.What == OwedReminder) && w.n.MaySee(next.To) {
				h := w.heard[next.To]
				h.Details, h.Rewritten = w.n.Details, w.n.Rewritten
				w.heard[next.To] = h
			}
			continue // words to somebody
		}
		w.take(rt, n, owed)
	}
	rt.Fatal("the clock puts itself again without end")
}

// noticed holds what follows from silence: where nobody who stands by is free,
// the channel is asked, and the member and the moderators always hear of it.
func (w *world) noticed(rt *rapid.T, o Owed, after Need, owed []Owed) {
	if len(owed) == 0 || !after.HelpedBy(o.To) {
		return
	}
	asked := false
	for _, o := range owed {
		asked = asked || o.What == OwedStandIn && (o.To == "" || !w.busy)
	}
	if !asked {
		rt.Fatalf("%s is silent, and nobody who could stand in is asked", o.To)
	}
}

// unheeded holds what follows when nobody says yes to a helper in time: others are
// asked as if nobody had come forward.
func (w *world) unheeded(rt *rapid.T, o Owed, after Need) {
	if w.n.Waits(o.To) && after.Why == "" && w.now.Before(after.End) && (after.State() != Open || after.Spoken() == 0 && !after.climbing().Due.After(time.Time{}) && after.Rung < len(after.Ladder())) {
		rt.Fatalf("nobody has said yes to %s, and nobody else is asked", o.To)
	}
}

// tell says what has changed between what somebody heard last and what is true.
func (w *world) tell(rt *rapid.T, o Owed) (Need, []Owed) {
	guest, who := "", o.To
	if IsGuest(o.About.ID) {
		guest, who = o.About.ID, o.To+"/"+o.About.ID
	}
	h := w.n.HeardBy(o.To, guest)
	if h == nil {
		rt.Fatalf("%s hears of a change, and nothing has changed for them", who)
	}
	if was := w.heard[who]; was.public(h.Terms) || was.Private(h.Terms) && listeners(w.n)[who] && !w.sentSince(o.To, h.Since) {
		rt.Fatalf("%s is told that it was %v, and last heard %v", who, h.Terms, was)
	}
	if is := w.n.Terms(); !h.public(is) && !(h.Private(is) && listeners(w.n)[who]) {
		rt.Fatalf("%s hears of a change that there is not", who)
	}
	w.heard[who] = w.n.Terms()
	return w.n.Told(o.To, guest)
}

// sentSince says whether a helper was sent all that is private meanwhile, which comes
// with what they keep and not with what has changed.
func (w *world) sentSince(helper string, since time.Time) bool {
	return !w.said[string(OwedDetails)+"/"+helper].Before(since) || !w.said[string(OwedReminder)+"/"+helper].Before(since)
}

// given says whether a helper has been sent the private details by now.
func (w *world) given(helper string) bool {
	i := w.n.claim(helper)
	return i < 0 || w.n.given(w.n.Claims[i], w.now)
}

// unseen lets other private details be as good as heard where a helper has not been
// sent any yet, as far as they know the time: they are sent the right ones then.
func (w *world) unseen(after Need) {
	for _, c := range after.Claims {
		who := c.Helper.ID
		if IsGuest(who) {
			who = c.AnswersFor(after) + "/" + who
		}
		h, knows := w.heard[who]
		if before := (Need{Start: h.Start, Zone: after.Zone}); knows && !before.given(c, w.now) {
			h.Details, h.Rewritten = after.Details, after.Rewritten
			w.heard[who] = h
		}
	}
}

// informed holds what everybody was told against what is true.
func (w *world) informed(rt *rapid.T) {
	if w.n.Why != "" {
		return
	}
	for who, private := range listeners(w.n) {
		id, guest, _ := strings.Cut(who, "/guest/")
		key := string(OwedMoved) + "/" + id
		if guest != "" {
			guest = guests + guest
			key += "/" + guest
		}
		_, coming := w.pending[key]
		if coming != (w.n.HeardBy(id, guest) != nil) {
			rt.Fatalf("%s is to hear of a change: %v, and the need says otherwise", who, coming)
		}
		was, is := w.heard[who], w.n.Terms()
		if !coming && (was.public(is) || private && guest == "" && w.given(id) && was.Private(is)) {
			rt.Fatalf("%s is not told that %v has become %v", who, was, is)
		}
	}
}

func (w *world) check(rt *rapid.T) {
	w.informed(rt)
	n := w.n
	if n.Spoken() > n.Wanted || len(n.Helpers()) >= n.Wanted && n.Spoken() < len(n.Claims) || len(n.Backups) > MaxBackups {
		rt.Fatalf("%d helpers of %d, %d backups", len(n.Claims), n.Wanted, len(n.Backups))
	}
	seen := map[string]bool{n.Member.ID: true}
	for _, c := range slices.Concat(n.Claims, n.Backups) {
		if seen[c.Helper.ID] && c.Helper != Forgotten() {
			rt.Fatalf("%s is in it twice", c.Helper.ID)
		}
		seen[c.Helper.ID] = true
	}
	want := Open
	switch {
	case n.Why == Cancelled:
		want = StateCancelled
	case n.Why == Past:
		want = Over
	case n.Spoken() == n.Wanted:
		want = Covered
	}
	if n.State() != want {
		rt.Fatalf("%s instead of %s", n.State(), want)
	}
	if n.Why == "" && !w.now.Before(n.End) {
		rt.Fatal("its time has passed, and it has not ended")
	}
	_, over := w.pending[string(OwedOver)+"/"]
	if over != (n.Why == "") {
		rt.Fatalf("in state %s it ends by the clock: %v", n.State(), over)
	}
	_, ladder := w.pending[string(OwedLadder)+"/"]
	if ladder != (n.State() == Open && n.Rung < len(n.Ladder())) {
		rt.Fatalf("in state %s with %d rungs climbed of %d, the ladder stands: %v", n.State(), n.Rung, len(n.Ladder()), ladder)
	}
	for _, o := range w.pending {
		switch o.What {
		case OwedReminder, OwedStill, OwedSilent, OwedHomeAsk, OwedHomeCheck:
			helper := o.To
			if IsGuest(o.About.ID) {
				helper = o.About.ID
			}
			if n.Why == Cancelled || !n.HelpedBy(helper) {
				rt.Fatalf("%s stands to come in state %s", o.key(), n.State())
			}
		case OwedStale:
			if n.Why == Cancelled || !n.HelpedBy(o.To) || !n.Waits(o.To) {
				rt.Fatalf("%s stands to come in state %s", o.key(), n.State())
			}
		case OwedApprove, OwedLastYes:
			if n.Why == Cancelled || !n.HelpedBy(o.About.ID) || o.What == OwedLastYes && !n.Waits(o.About.ID) && w.now.Before(n.Start) {
				rt.Fatalf("%s stands to come in state %s", o.key(), n.State())
			}
		}
	}
	for _, c := range n.Claims {
		_, silent := w.pending[string(OwedSilent)+"/"+c.Helper.ID]
		if (c.Unsure || c.Reread) && !c.Silent && n.Why == "" && w.now.Before(n.Start) && !silent {
			rt.Fatalf("nobody notices when %s does not answer", c.Helper.ID)
		}
		_, home := w.pending[string(OwedHomeCheck)+"/"+c.Helper.ID]
		if n.Kind.Travels() && n.Why != Cancelled && c.Home.IsZero() && !c.Missed && home == c.Waiting {
			rt.Fatalf("%s, who may not know it (%v), is asked whether all are home: %v", c.Helper.ID, c.Waiting, home)
		}
		for _, to := range []string{n.Member.ID, Moderators, c.Helper.ID} {
			key := string(OwedLastYes) + "/" + to + "/" + c.Helper.ID
			if _, coming := w.pending[key]; c.Waiting && n.Why == "" && w.now.Before(n.Start) && !coming && w.said[key].Before(c.At) {
				rt.Fatalf("%s does not hear that the yes to %s is missing", to, c.Helper.ID)
			}
		}
		if _, coming := w.pending[string(OwedStale)+"/"+c.Helper.ID]; n.Why == "" && coming != (c.Waiting && !c.Stale) {
			rt.Fatalf("nobody notices when no yes to %s comes", c.Helper.ID)
		}
		if c.Waiting && c.Helper != Forgotten() && n.MaySee(c.Helper.ID) {
			rt.Fatal("the details are told before a yes")
		}
	}
	for _, id := range []string{"console/mallory", "console/sam", "console/kim", "console/mod"} {
		if n.MaySee(id) && !n.HelpedBy(id) {
			rt.Fatalf("%s may see what is private", id)
		}
	}
}

// Whatever many people do in whatever order, while the clock goes on.
func TestNeedAgainstAModel(t *testing.T) {
	people := []string{"maya", "sam", "lee", "kim", "pat", "mod", "mallory"}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(Kinds()).Draw(rt, "kind").Kind
		w := &world{now: now, pending: map[string]Owed{}, said: map[string]time.Time{}, heard: map[string]Terms{}}
		n, owed, err := Ask(Request{ID: "k7m2p9", Kind: kind, Member: person("maya"), Zone: "America/Denver", From: "here", Hidden: rapid.Bool().Draw(rt, "hidden"),
			Start: now.Add(time.Duration(rapid.IntRange(1, 12*24*60).Draw(rt, "ahead")) * time.Minute), Wanted: rapid.IntRange(1, 3).Draw(rt, "wanted")}, now)
		if err != nil {
			rt.Fatal(err)
		}
		w.take(rt, n, owed)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 20*60).Draw(rt, "minutes")) * time.Minute)
			w.busy = rapid.Bool().Draw(rt, "busy")
			w.tick(rt)
			w.check(rt)
			by := person(rapid.SampledFrom(people).Draw(rt, "by"))
			whom := person(rapid.SampledFrom(people).Draw(rt, "whom"))
			if rapid.IntRange(0, 5).Draw(rt, "guest") == 0 {
				if whom, err = Guest(n.ID, "Aunt Rosa"); err != nil {
					rt.Fatal(err)
				}
			}
			moderator, yes := by.Name == "mod", rapid.Bool().Draw(rt, "yes")
			before := fmt.Sprintf("%+v", w.n)
			was := w.n.State()
			what := rapid.SampledFrom([]string{"claim", "claim", "claim", "give", "give", "not-taken", "standby", "release", "still", "still", "got", "late", "home", "approve", "decline", "fill", "unfill", "move", "change", "change", "change", "thank", "leave", "cancel"}).Draw(rt, "what")
			edit := anyEdit(rt, w.n)
			after, owed, err := w.do(what, by, whom, moderator, yes, edit)
			if fmt.Sprintf("%+v", w.n) != before {
				rt.Fatalf("%s changed what it was given", what)
			}
			if err != nil {
				var said *Error
				if !errors.As(err, &said) || said.Say.String() == "" || len(owed) > 0 {
					rt.Fatalf("%s: a refusal without words, or with promises: %v", what, err)
				}
				continue
			}
			if len(owed) == 0 && fmt.Sprintf("%+v", after) != before {
				rt.Fatalf("%s changes something that would not be written", what)
			}
			w.allowed(rt, what, was, by, whom, moderator, after, owed)
			w.take(rt, after, owed)
			w.check(rt)
		}
		w.now = latest(w.now, w.n.End.Add(48*time.Hour))
		w.tick(rt)
		w.check(rt)
		if len(w.pending) > 0 {
			rt.Fatalf("after all is over, this still stands to come: %v", w.pending)
		}
	})
}

// anyEdit is some change to some of a need, one that is soon taken back now and
// then.
func anyEdit(rt *rapid.T, n Need) Edit {
	var e Edit
	words := func(label string) *string {
		return rapid.SampledFrom([]*string{nil, nil, new("here"), new("there")}).Draw(rt, label)
	}
	number := func(label string) *int {
		return rapid.SampledFrom([]*int{nil, nil, new(1), new(2)}).Draw(rt, label)
	}
	e.From, e.To, e.Note = words("from"), words("to"), words("note")
	e.Seats, e.Wanted = number("seats"), number("helpers")
	e.Details = rapid.SampledFrom([]*bool{nil, nil, new(true), new(false)}).Draw(rt, "details")
	if rapid.IntRange(0, 3).Draw(rt, "at another time") == 0 {
		e.Start = n.Start.Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "days")) * 24 * time.Hour)
	}
	return e
}

func (w *world) do(what string, by, whom Person, moderator, yes bool, edit Edit) (Need, []Owed, error) {
	n := w.n
	switch what {
	case "claim":
		return n.Claim(by, yes, w.now)
	case "give":
		return n.Give(by.ID, whom, w.now)
	case "not-taken":
		after, owed := n.NotTaken(by.ID, w.now)
		return after, owed, nil
	case "standby":
		return n.Standby(by, yes, w.now)
	case "release":
		return n.Release(by.ID, func(string) bool { return !yes }, w.now)
	case "still":
		helper := by.ID
		if IsGuest(whom.ID) {
			helper = whom.ID
		}
		after, owed, err := n.Still(by.ID, moderator, helper, w.now)
		if len(owed) > 0 { // before they say so, they are told what there is to know
			i := n.claim(helper)
			who := helper
			if IsGuest(helper) {
				who = n.Claims[i].AnswersFor(n) + "/" + helper
			}
			w.heard[who] = n.Terms()
		}
		return after, owed, err
	case "got":
		return n.PickedUp(by.ID, w.now)
	case "late":
		return n.Late(by.ID, w.now)
	case "home":
		return n.HomeSafe(by.ID, w.now)
	case "approve":
		return n.Approve(by.ID, moderator, whom.ID, w.now)
	case "decline":
		return n.Decline(by.ID, moderator, whom.ID, nil, w.now)
	case "fill":
		return n.Fill(by, moderator, whom, w.now)
	case "unfill":
		return n.Unfill(by.ID, moderator, whom.ID, nil, w.now)
	case "change", "move":
		if what == "move" {
			edit = Edit{Start: n.Start.Add(26 * time.Hour)}
		}
		after, owed, err := n.Change(by.ID, moderator, edit, w.now)
		if err == nil {
			w.unseen(after)
		}
		for who := range listeners(after) { // whoever changes it knows
			id, guest, _ := strings.Cut(who, "/guest/")
			if guest != "" {
				guest = guests + guest
			}
			if id == by.ID && after.HeardBy(id, guest) == nil {
				w.heard[who] = after.Terms()
			}
		}
		return after, owed, err
	case "thank":
		return n.Thank(by.ID, w.now)
	case "leave":
		return w.leave(by, yes)
	}
	return n.Cancel(by.ID, moderator, w.now)
}

// leave is somebody who asks to be forgotten, as the handlers do it.
func (w *world) leave(by Person, yes bool) (Need, []Owed, error) {
	if by.ID == w.n.Member.ID {
		return w.n.Cancel(by.ID, false, w.now)
	}
	n, owed := w.n.Forget(by.ID, func(string) bool { return !yes }, w.now)
	for key, o := range w.pending { // all that is owed to them goes; the rest of the clock's is held to the need
		if o.To == by.ID && (!o.What.ByClock() || o.What == OwedHomeCheck) {
			delete(w.pending, key)
		}
	}
	return n, owed, nil
}

// lastOne holds that where nobody comes any more, it is asked for from the
// beginning, however many were wanted.
func (w *world) lastOne(rt *rapid.T, what string, after Need) {
	if w.n.Spoken() > 0 && len(after.Claims) == 0 && after.State() == Open && (after.Rung > 0 || !after.Opened.Equal(w.now)) {
		rt.Fatalf("after %s nobody is left of %d, and nobody is asked anew", what, after.Wanted)
	}
}

// tookOver holds that a yes goes from one to the other without a gap or an alarm: as many
// are down for it as before, nobody is asked anew, and the first stands by until the
// second is let in.
func (w *world) tookOver(rt *rapid.T, giver, taker string, after Need, owed []Owed) {
	if after.HelpedBy(giver) || !after.HelpedBy(taker) || after.State() == Open && w.n.State() == Covered {
		rt.Fatalf("%s has not taken over from %s: %+v", taker, giver, after.Claims)
	}
	if after.StandsBy(giver) != after.Waits(taker) {
		rt.Fatalf("%s waits: %v, and %s stands by: %v", taker, after.Waits(taker), giver, after.StandsBy(giver))
	}
	for _, o := range owed {
		if !o.Withdrawn && (o.What == OwedReopened || o.What == OwedStepBack || o.What == OwedUrgent || o.What == OwedRaised) {
			rt.Fatalf("%s is owed when a yes is handed over", o.key())
		}
	}
}

// allowed holds what happened against who may do what, and who has to hear.
func (w *world) allowed(rt *rapid.T, what string, was State, by, whom Person, moderator bool, after Need, owed []Owed) {
	if len(owed) == 0 {
		return
	}
	n, member := w.n, by.ID == w.n.Member.ID
	hears := func(to string, any ...What) {
		if IsGuest(to) {
			return
		}
		count := 0
		for _, o := range owed {
			about := o.Each && IsGuest(o.About.ID) // somebody else, whom they look after
			if putOff := o.What == OwedYes || o.What == OwedApprove && o.Due.Sub(w.now) <= breath || o.What == OwedStepBack; o.To == to && !about && !o.Withdrawn && (!o.Standing || putOff) && slices.Contains(any, o.What) {
				count++
			}
		}
		if count != 1 {
			rt.Fatalf("%s by %s: %s hears %d times of %v", what, by.ID, to, count, any)
		}
	}
	ok := true
	if n.Why == "" && slices.Contains([]string{"release", "decline", "unfill", "leave"}, what) {
		w.lastOne(rt, what, after)
	}
	switch what {
	case "claim":
		ok = !member && !n.HelpedBy(by.ID) && (was == Open || was == Covered && n.WantsStandIn() || n.OfferedTo(by.ID))
		if i := n.offered(by.ID); i >= 0 {
			w.tookOver(rt, n.Claims[i].Helper.ID, by.ID, after, owed)
		}
		hears(n.Member.ID, OwedYes, OwedApprove)
		if !after.Waits(by.ID) { // else the answer to their tap has said all there is
			hears(by.ID, OwedThanks)
		}
	case "give":
		ok = n.HelpedBy(by.ID) && !n.HelpedBy(whom.ID) && whom.ID != n.Member.ID && after.HelpedBy(by.ID) && after.State() == was
		hears(whom.ID, OwedGive)
	case "not-taken":
		ok = n.OfferedTo(by.ID) && after.State() == was && len(after.Claims) == len(n.Claims)
	case "standby":
		ok = !member && was == Covered && !n.HelpedBy(by.ID) && !n.StandsBy(by.ID)
	case "release":
		ok = n.HelpedBy(by.ID) || n.StandsBy(by.ID)
		if n.HelpedBy(by.ID) {
			hears(n.Member.ID, OwedStepBack, OwedStepIn)
		}
	case "still":
		ok = n.HelpedBy(by.ID) || IsGuest(whom.ID) && n.HelpedBy(whom.ID) && (member || moderator || n.Claims[n.claim(whom.ID)].AnswersFor(n) == by.ID)
	case "got", "late":
		ok = n.HelpedBy(by.ID)
	case "home":
		ok = member || n.HelpedBy(by.ID)
	case "approve", "decline":
		ok = (member || moderator) && by.ID != whom.ID && (n.HelpedBy(whom.ID) || n.StandsBy(whom.ID))
		if what == "decline" || n.HelpedBy(whom.ID) {
			hears(whom.ID, OwedThanks, OwedDeclined)
		}
		if what == "decline" && !member && n.HelpedBy(whom.ID) {
			hears(n.Member.ID, OwedStepBack, OwedStepIn)
		}
	case "fill":
		ok = (member || moderator) && by.ID != whom.ID && !n.HelpedBy(whom.ID)
		hears(whom.ID, OwedSignedUp)
	case "unfill":
		ok = n.HelpedBy(whom.ID) && (moderator || member || IsGuest(whom.ID) && n.Claims[n.claim(whom.ID)].AnswersFor(n) == by.ID)
		hears(whom.ID, OwedDeclined)
	case "move", "change":
		ok = member || moderator
	case "cancel":
		ok = member || moderator
		for _, c := range slices.Concat(n.Claims, n.Backups) {
			hears(c.Helper.ID, OwedCancelled)
		}
		if !member {
			hears(n.Member.ID, OwedCancelled)
		}
	case "thank":
		ok = member && n.Thanked.IsZero()
	}
	if !ok {
		rt.Fatalf("%s by %s of %s in state %s is carried out", what, by.ID, whom.ID, was)
	}
}
