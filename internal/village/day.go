package village

import (
	"cmp"
	"slices"
	"time"
)

// The day before, a helper is asked whether it is still on; on the day, whoever
// drives is asked whether everybody is home. Silence is answered by people: a
// backup, the moderators, the member. This is no emergency service, and the
// words that go with it say so.

const (
	// stillHour is when a helper is asked whether it is still on, on the day
	// before, and silentHour when others hear that there is no answer.
	stillHour  = 10
	silentHour = 18
	// fresh is how old a yes may be at stillHour and not be asked for again.
	fresh = 6 * time.Hour
	// unsureWait is how long somebody may take to say yes to what has changed,
	// or a third of the time there is.
	unsureWait = 12 * time.Hour
	// lastDay is how close to the start nobody loses a place without having been
	// asked twice.
	lastDay = 24 * time.Hour
	// homeAsk is how long after the expected end the driver is asked, homeCheck
	// how much later the moderators hear of it, and homeLate how much longer
	// the driver has who says that it takes longer.
	homeAsk   = 30 * time.Minute
	homeCheck = time.Hour
	homeLate  = 45 * time.Minute
	// homeFrom and homeUntil are when the day's taps mean something.
	homeFrom  = 3 * time.Hour
	homeUntil = 24 * time.Hour
	// MaxBackups is how many can stand by for one need.
	MaxBackups = 3
)

func (n Need) claim(helper string) int {
	return slices.IndexFunc(n.Claims, func(c Claim) bool { return c.Helper.ID == helper })
}

func (n Need) backup(helper string) int {
	return slices.IndexFunc(n.Backups, func(c Claim) bool { return c.Helper.ID == helper })
}

// StandsBy says whether this person is a backup for the need.
func (n Need) StandsBy(id string) bool { return n.backup(id) >= 0 }

// with changes one claim in a copy.
func (n Need) with(i int, change func(c *Claim)) Need {
	n.Claims = slices.Clone(n.Claims)
	change(&n.Claims[i])
	return n
}

// dayBefore is an hour of the day before the start, where the member is.
func (n Need) dayBefore(hour int) time.Time {
	t := n.Start.In(n.zone())
	return time.Date(t.Year(), t.Month(), t.Day()-1, hour, 0, 0, 0, t.Location())
}

// RemindAt is when a helper is reminded: three hours before the start, or the evening before what starts
// in the morning.
func (n Need) RemindAt() time.Time {
	if t := n.Start.In(n.zone()); t.Hour() < earlyHour {
		return time.Date(t.Year(), t.Month(), t.Day()-1, eveningHour, 0, 0, 0, t.Location())
	}
	return n.Start.Add(-RemindBefore)
}

// AsksAt is when helpers are asked whether it is still on.
func (n Need) AsksAt() time.Time { return n.dayBefore(stillHour) }

// knows says whether a helper has said yes to the need as it is now, and for
// its last day again.
func (n Need) knows(c Claim, now time.Time) bool {
	if c.Unsure || c.Reread || !c.Doubted.IsZero() {
		return false
	}
	word := latest(c.At, c.Sure)
	still := n.dayBefore(stillHour)
	return now.Before(still) || !word.Before(still.Add(-fresh))
}

// promises are what a helper is owed until the need is over, as it stands now;
// what is not to come any more is taken back. For somebody without an account,
// whoever signed them up is asked whether it is still on.
func (n Need) promises(c Claim, now time.Time) []Owed {
	remind := Owed{What: OwedReminder, To: c.Helper.ID, About: n.Member, Due: n.RemindAt(), Before: n.Start.Add(-time.Hour), Standing: true}
	remind.Withdrawn = !remind.Due.After(now) || IsGuest(c.Helper.ID)

	still := n.toward(c, Owed{What: OwedStill, About: n.Member, Due: n.dayBefore(stillHour), Before: n.dayBefore(silentHour), Standing: true})
	silent := Owed{What: OwedSilent, To: c.Helper.ID, Due: n.dayBefore(silentHour), Standing: true}
	details := Owed{What: OwedDetails, To: c.Helper.ID, About: n.Member, Due: n.DetailsFrom(), Standing: true}
	details.Withdrawn = !n.Details || !details.Due.After(now) || n.Start.Sub(c.At) <= detailsAhead || IsGuest(c.Helper.ID) ||
		!remind.Withdrawn && !remind.Due.After(details.Due) // which says it all
	word := latest(c.At, c.Sure)
	still.Withdrawn = !still.Due.After(now) || !word.Before(still.Due.Add(-fresh))
	silent.Withdrawn = still.Withdrawn
	if c.Unsure || c.Reread {
		// what has changed asks the same, so it is not asked again soon after
		still.Withdrawn = still.Withdrawn || still.Due.Sub(now) < fresh
		wait := min(unsureWait, n.Start.Sub(now)/3)
		silent.Due, silent.Before, silent.Withdrawn = now.Add(wait), n.Start.Add(-waits), false
	}
	return slices.Concat([]Owed{remind, details, still, silent}, n.homecoming(c, now, 0), n.rideAsked())
}

// homecoming are the questions after a ride. later puts them off.
func (n Need) homecoming(c Claim, now time.Time, later time.Duration) []Owed {
	due := n.End.Add(homeAsk)
	if !c.Got.IsZero() {
		due = latest(due, c.Got.Add(n.End.Sub(n.Start)+homeAsk))
	}
	if later > 0 {
		due = latest(due, now.Add(later))
	}
	off := !n.Kind.Travels() || !c.Home.IsZero() || c.Waiting
	ask := Owed{What: OwedHomeAsk, To: c.Helper.ID, About: n.Member, Due: due, Standing: true, Withdrawn: off}
	if IsGuest(c.Helper.ID) { // the member knows, too
		ask.To, ask.About, ask.Each = n.Member.ID, c.Helper, true
	}
	return []Owed{ask, {What: OwedHomeCheck, To: c.Helper.ID, Due: due.Add(homeCheck), Standing: true, Withdrawn: off}}
}

// given says whether a helper has been told by now that they can open the private
// details.
func (n Need) given(c Claim, now time.Time) bool {
	return !now.Before(n.DetailsFrom()) || n.Start.Sub(c.At) <= detailsAhead
}

// free takes back everything that stands to come because of a helper.
func (n Need) free(c Claim) []Owed {
	out := []Owed{n.leave(c), {What: OwedApprove, To: Moderators, About: c.Helper, Standing: true, Each: true, Withdrawn: true}}
	c.Waiting = false
	out = append(out, n.approveAgain(c, c.At)...)
	for _, o := range n.promises(c, c.At) {
		o.Withdrawn, o.Due, o.Before = true, time.Time{}, time.Time{}
		out = append(out, o)
	}
	return out
}

// leave takes back the notice of what has changed.
func (n Need) leave(c Claim) Owed {
	return n.toward(c, Owed{What: OwedMoved, About: n.Member, Standing: true, Withdrawn: true})
}

// Standby is the yes of a backup: if the first one steps back, it is theirs.
func (n Need) Standby(helper Person, approved bool, now time.Time) (Need, []Owed, error) {
	if n.StandsBy(helper.ID) {
		return n, nil, nil
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	switch {
	case n.IsHeld():
		return n, nil, resting()
	case helper.ID == n.Member.ID:
		return n, nil, refuse(CodeOwnNeed, "This is your own request, so somebody else has to stand by.", "")
	case n.HelpedBy(helper.ID):
		return n, nil, refuse("already-helping", "You are down for this one already, so somebody else has to stand by.", "/need mine shows what you have said yes to.").then(NextMine)
	case n.State() == Open:
		return n, nil, refuse(CodeStillOpen, "Nobody is down for this one yet, so it needs you first of all.", "If you can do it, please say yes to it.")
	case len(n.Backups) >= MaxBackups:
		return n, nil, refuse("enough-backups", "Enough people stand by for this one already. Thank you for offering.", "/need open shows what is still open.").then(NextOpen)
	}
	if err := n.mayAgain(helper.ID); err != nil {
		return n, nil, err
	}
	n.Backups = append(slices.Clone(n.Backups), Claim{Helper: helper, At: now.UTC(), Waiting: !approved})
	return n, []Owed{
		{What: OwedStandby, To: n.Member.ID, About: helper, Due: now},
		{What: OwedCard, Due: now, Standing: true},
	}, nil
}

// Still is a helper's word that it is still on, as it is now. For somebody
// without an account, or with a page alone, it is the word of whoever signed them up, of
// the member or of a moderator.
func (n Need) Still(by string, moderator bool, helper string, now time.Time) (Need, []Owed, error) {
	i := n.claim(helper)
	if i < 0 || by != helper && !n.maySpeakFor(by, moderator, i) {
		return n, nil, notDown()
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	c := n.Claims[i]
	if !c.Silent && n.knows(c, now) && now.Sub(c.Sure) < fresh { // they have just said so
		return n, nil, nil
	}
	n = n.with(i, func(c *Claim) {
		c.Sure, c.Doubted, c.Unreached, c.Heard = now.UTC(), time.Time{}, time.Time{}, nil
		c.Unsure, c.Reread, c.Silent, c.Awaited = false, false, false, false
		c.Unseen = time.Time{}
	})
	owed := append([]Owed{n.leave(c), {What: OwedCard, Due: now, Standing: true}}, n.seenNow(c)...)
	if by != n.Member.ID {
		owed = append(owed, Owed{What: OwedSure, To: n.Member.ID, About: c.Helper, Due: now})
	}
	if (c.Silent || c.Awaited) && !c.Waiting {
		owed = append(owed, Owed{What: OwedSettled, To: Moderators, About: c.Helper, Due: now})
	}
	return n, append(owed, n.promises(n.Claims[i], now)...), nil
}

// Doubt is a helper's word, in words of their own, that they can't. They stay down
// for it until they tap that they step back, which cannot be undone; but a bare yes
// after it means nothing, and when nothing is tapped others are asked in time.
func (n Need) Doubt(helper string, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || n.Why != "" || !now.Before(n.Start) {
		return n, nil
	}
	n = n.with(i, func(c *Claim) { c.Doubted = now.UTC() })
	wait := min(unsureWait, n.Start.Sub(now)/3)
	return n, []Owed{{What: OwedSilent, To: helper, Due: now.Add(wait), Before: n.Start.Add(-waits), Standing: true}}
}

// IsDoubted says whether a helper has said in words that they can't, and has tapped
// nothing since.
func (n Need) IsDoubted(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && !n.Claims[i].Doubted.IsZero()
}

// Silence is what follows when a helper has not said in time that it is still
// on: the backups who are free are asked, or the channel when there is none, and the
// moderators and the member hear of it. They stay down for it all the same,
// until they answer or somebody stands in. A helper who never said yes to the
// need as it is now is down for it no longer, in the last day only after they were
// asked again; somebody without an account, or whom nothing reaches here, who may
// know nothing of it, stays. Of whom nothing reaches nobody is told that they have
// not answered, see Unreached. While a need is held, nobody is asked, and nobody is silent.
func (n Need) Silence(helper string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || !n.waitsForWord(n.Claims[i], now) {
		return n, nil
	}
	n, owed := n.beyondReach(i, now)
	left, reached := n.Start.Sub(now), n.Claims[i].Unreached.IsZero()
	unsure := n.Claims[i].Unsure && !IsGuest(helper) && reached
	switch {
	case unsure && (n.Claims[i].Silent || left > lastDay):
		return n.lapse(helper, busy, now)
	case n.Claims[i].Silent:
		return n, owed
	}
	n = n.with(i, func(c *Claim) { c.Silent = true })
	who := n.Claims[i].Helper
	again := n.toward(n.Claims[i], Owed{What: OwedStill, About: n.Member, Due: now, Standing: true})
	if IsGuest(helper) && again.To == n.Member.ID { // what the member hears now asks the same
		again.Withdrawn = true
	}
	if reached {
		owed = []Owed{again,
			{What: OwedNoAnswer, To: n.Member.ID, About: who, Due: now},
			{What: OwedNoAnswer, To: Moderators, About: who, Due: now},
		}
	}
	if unsure {
		owed = append(owed, Owed{What: OwedSilent, To: helper, Due: now.Add(left / 2), Before: n.Start.Add(-waits), Standing: true})
	}
	return n, append(owed, n.standIns(busy, now)...)
}

// waitsForWord says whether a helper is still to say that it is on.
func (n Need) waitsForWord(c Claim, now time.Time) bool {
	return n.Why == "" && !n.IsHeld() && now.Before(n.Start) && !n.knows(c, now)
}

// standIns asks those who stand by and can, or the channel where nobody does: one
// question for all who are silent at once.
func (n Need) standIns(busy func(id string) bool, now time.Time) []Owed {
	var owed []Owed
	for _, b := range n.Backups {
		if busy == nil || !busy(b.Helper.ID) {
			owed = append(owed, Owed{What: OwedStandIn, To: b.Helper.ID, About: n.Member, Due: now, Standing: true})
		}
	}
	if len(owed) == 0 {
		owed = append(owed, Owed{What: OwedStandIn, Due: now, Standing: true})
	}
	return owed
}

// lapse ends a claim that its helper has not confirmed.
func (n Need) lapse(helper string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	after, owed, err := n.release(helper, busy, now)
	if err != nil {
		return n, nil
	}
	for i := range owed {
		switch owed[i].What {
		case OwedReleased:
			owed[i].What = OwedLapsed
		case OwedStepBack, OwedTakenOff:
			owed[i].What = OwedNoReply
		}
	}
	return after.left(FellSilent, now), owed
}

// silent is the place of a helper who counts as down for it and has not answered, or -1.
func (n Need) silent() int {
	return slices.IndexFunc(n.Claims, func(c Claim) bool { return c.Silent && !c.Stale })
}

// IsSilent says whether others were told that this helper has not answered.
func (n Need) IsSilent(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && n.Claims[i].Silent
}

// WantsStandIn says whether somebody may take the place of a helper who has
// not answered, or who waits for a yes that has not come in time.
func (n Need) WantsStandIn() bool {
	return n.Why == "" && !n.IsHeld() && (n.silent() >= 0 || n.State() == Open && n.isStale())
}

// asksToStandIn says whether whoever stands by is asked to take it now. Once its hour
// has come, a helper who has not answered may have come as well, so that it is asked only
// where nobody counts as down for it.
func (n Need) asksToStandIn(now time.Time) bool {
	return n.WantsStandIn() && (now.Before(n.Start) || n.StillWants(now))
}

func (n Need) isStale() bool {
	return slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Stale })
}

// PickedUp is a driver's tap that they are on the way home together.
func (n Need) PickedUp(helper string, now time.Time) (Need, []Owed, error) {
	i, err := n.onTheDay(helper, now)
	if err != nil || !n.Claims[i].Got.IsZero() || !n.Claims[i].Home.IsZero() {
		return n, nil, err
	}
	n = n.with(i, func(c *Claim) { c.Got = now.UTC() })
	return n, n.homecoming(n.Claims[i], now, 0), nil
}

// IsHome says whether this helper, or the member for them, has said that all are
// where they belong.
func (n Need) IsHome(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && !n.Claims[i].Home.IsZero()
}

// Late is a driver's word that it takes longer. Whoever waits hears of it, and the
// moderators where they know that somebody waits.
func (n Need) Late(helper string, now time.Time) (Need, []Owed, error) {
	i, err := n.onTheDay(helper, now)
	if err != nil || !n.Claims[i].Home.IsZero() {
		return n, nil, err
	}
	owed := n.homecoming(n.Claims[i], now, homeLate)
	if c := n.Claims[i]; c.Got.IsZero() && now.Sub(c.Late) >= strandedAgain {
		n = n.with(i, func(c *Claim) { c.Late = now.UTC() })
		owed = append(owed, Owed{What: OwedLate, To: n.Member.ID, About: c.Helper, Due: now})
		if n.isStranded() {
			owed = append(owed, Owed{What: OwedLate, To: Moderators, About: c.Helper, Due: now})
		}
	}
	return n, owed, nil
}

// SaidLate says whether a helper has said that it takes longer, and nobody is picked
// up yet.
func (n Need) SaidLate(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && !n.Claims[i].Late.IsZero() && !n.onTheWay()
}

// HomeSafe is the tap that ends a ride: the driver's, or the member's own, who
// speaks for every driver of theirs. What has not begun, and where nobody was
// picked up, cannot be over: that tap was a slip.
func (n Need) HomeSafe(by string, now time.Time) (Need, []Owed, error) {
	if by == n.Member.ID && len(n.Claims) == 0 && n.Kind.BringsHome() {
		return n.homeAlone(now)
	}
	var owed []Owed
	var refused error
	told, missed := false, false
	for _, driver := range n.bringing(by) {
		i, home, err := n.comingHome(driver, now)
		if told = told || home; home || err != nil {
			refused = cmp.Or(err, refused)
			continue
		}
		n = n.with(i, func(c *Claim) { c.Home = now.UTC() })
		owed = append(owed, n.homecoming(n.Claims[i], now, 0)...)
		if n.Claims[i].Missed && !missed {
			missed = true
			owed = append(owed, Owed{What: OwedHome, To: Moderators, About: n.Claims[i].Helper, Due: now})
		}
		if by != n.Member.ID {
			owed = append(owed, Owed{What: OwedHome, To: n.Member.ID, About: n.Claims[i].Helper, Due: now})
		}
	}
	if len(owed) > 0 && n.Why == Past {
		owed = append(owed, Owed{What: OwedCard, Due: now, Standing: true})
	}
	if told || len(owed) > 0 {
		return n, owed, nil
	}
	return n, nil, refused
}

// bringing are the IDs of those of whom somebody can say that they are home: the
// member of all who help, a helper of themselves.
func (n Need) bringing(by string) []string {
	if by != n.Member.ID || len(n.Claims) == 0 {
		return []string{by}
	}
	var drivers []string
	for _, c := range n.Claims {
		drivers = append(drivers, c.Helper.ID)
	}
	return drivers
}

// comingHome is the claim of a driver who can be home now, and whether that is said
// already. It refuses as onTheDay does, and what has not begun.
func (n Need) comingHome(driver string, now time.Time) (i int, said bool, err error) {
	i, err = n.onTheDay(driver, now)
	switch {
	case err != nil:
		return i, false, err
	case !n.Claims[i].Home.IsZero():
		return i, true, nil
	case now.Before(n.Start) && n.Claims[i].Got.IsZero():
		return i, false, refuse(CodeNotBegun, "This has not begun yet, so it can't be over.", "Please tap “Picked up” first, when you are on your way together.")
	}
	return i, false, nil
}

// HomeSilence is what follows when nobody says that a ride came home: the
// moderators hear of it.
func (n Need) HomeSilence(helper string, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || n.Why == Cancelled || n.Claims[i].Waiting || !n.Claims[i].Home.IsZero() || n.Claims[i].Missed {
		return n, nil
	}
	n = n.with(i, func(c *Claim) {
		c.Missed = true
		if !c.Unseen.IsZero() { // they have not read the question
			c.Unreached = now.UTC()
		}
	})
	return n, []Owed{{What: OwedNoWord, To: Moderators, About: n.Claims[i].Helper, Due: now}}
}

// onTheDay finds the claim of whoever taps on the day itself.
func (n Need) onTheDay(helper string, now time.Time) (int, error) {
	i := n.claim(helper)
	switch {
	case i < 0:
		return i, notDown()
	case n.Why == Cancelled:
		return i, n.stillAhead(now)
	case n.Claims[i].Waiting:
		return i, refuse("waiting", "Whoever asked has not said yes to you yet, so please don't set off.", "I'll tell you as soon as they have.")
	case now.Before(n.Start.Add(-homeFrom)):
		return i, refuse("too-early", "That is for the day itself, so it is a little early.", "I'll send you the buttons again on the day.")
	case now.After(n.End.Add(homeUntil)):
		return i, refuse("over", "That was a while ago, so there is nothing more to tap.", "")
	}
	return i, nil
}

func notDown() error {
	return refuse(CodeNotYours, "You are not down for this one.", "/need mine shows what you have said yes to.").then(NextMine)
}

// ClashElsewhere is Clash where nothing may be said about the other need,
// because it belongs to another group.
func ClashElsewhere() error {
	return refuse(CodeBusy, "You have already said yes to something at that time, so this one needs somebody else.",
		"If the other one no longer suits you, you can step back from it first.")
}

// Clash refuses a yes to a need when the helper is down for another at the same
// time.
func Clash(other Need) error {
	return refusef(CodeBusy, "/need mine shows what you have said yes to. If the other one no longer suits you, you can step back from it first.",
		"You have already said yes to %s at that time, so this one needs somebody else.", other.Kind.Words().Noun).then(NextMine)
}
