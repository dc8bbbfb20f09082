package village

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// stances are the ways in which a need can be when a notice of it is due, each with
// the time at which it is.
func stances(t *testing.T) map[string]situation {
	t.Helper()
	open := ride(t)
	open.Details = true
	helped := func(change func(n *Need, c *Claim)) Need {
		n := open
		n.Claims = []Claim{{Helper: person("sam"), At: now}}
		change(&n, &n.Claims[0])
		return n
	}
	taken := helped(func(*Need, *Claim) {})
	standby := open
	standby.Claims, standby.Backups = []Claim{{Helper: person("lee"), At: now}}, []Claim{{Helper: person("sam"), At: now}}
	left := open
	left.Opened = open.Start.Add(time.Minute)
	guest := helped(func(n *Need, c *Claim) { c.Helper, c.By = Person{ID: guests + "rosa", Name: "Rosa"}, n.Member })
	arrived := open
	arrived.Came, arrived.Arrived, arrived.Why = open.Start, open.Start, Past
	begun, after := open.Start.Add(2*time.Minute), open.End.Add(time.Minute)
	return map[string]situation{
		"open":       {need: open, now: now},
		"open-late":  {need: open, now: begun},
		"left-late":  {need: left, now: begun},
		"taken":      {need: taken, now: now},
		"taken-late": {need: taken, now: begun},
		"taken-over": {need: taken, now: after},
		"waiting":    {need: helped(func(_ *Need, c *Claim) { c.Waiting = true }), now: now},
		"silent":     {need: helped(func(_ *Need, c *Claim) { c.Silent = true }), now: now},
		"changed":    {need: helped(func(n *Need, c *Claim) { c.Heard, c.Unsure = &Heard{Terms: n.Terms()}, true }), now: now},
		"standby":    {need: standby, now: now},
		"guest":      {need: guest, now: now},
		"home":       {need: helped(func(_ *Need, c *Claim) { c.Home = begun }), now: begun},
		"stranded":   {need: helped(func(n *Need, _ *Claim) { n.Stranded = begun }), now: begun},
		"cancelled":  {need: helped(func(n *Need, _ *Claim) { n.Why = Cancelled }), now: now},
		"late":       {need: helped(func(n *Need, c *Claim) { n.Stranded, c.Late = begun, begun }), now: begun},
		"unreached":  {need: helped(func(_ *Need, c *Claim) { c.Unreached = now }), now: now},
		"arrived":    {need: arrived, now: begun},
		"past":       {need: helped(func(n *Need, _ *Claim) { n.Why = Past }), now: after},
	}
}

// A notice is said in exactly these cases, and nothing is said that is no longer
// so. Sam helps, or stands by, wherever somebody does but a guest.
func TestNoticeStands(t *testing.T) {
	const helped = "taken taken-late taken-over waiting silent changed stranded late unreached home past " // sam has not been let go
	const lasting = "open open-late left-late taken taken-late waiting silent changed stranded late unreached standby guest home "
	toSam := Notice{To: Address{Person: "console/sam"}, About: person("maya")}
	toMaya := Notice{To: Address{Person: "console/maya"}, About: person("sam")}
	toRoom := Notice{To: Address{Room: "console/village"}, About: person("sam")}
	aboutGuest := Notice{To: Address{Person: "console/maya"}, About: Person{ID: guests + "rosa", Name: "Rosa"}}
	public := toRoom
	public.Public = true
	instead := func(what What) Notice {
		j := toMaya
		j.For = what
		return j
	}
	covered := map[What]bool{}
	for _, tt := range []struct {
		what   What
		notice Notice
		stands string
	}{
		{OwedReopened, toRoom, "open open-late left-late"},
		{OwedRaised, toRoom, "open open-late left-late"},
		{OwedAsk, toSam, "open open-late left-late"},
		{OwedUrgent, toRoom, "open open-late left-late"},
		{OwedUncovered, toMaya, "open open-late left-late"},
		{OwedUnposted, toMaya, "open open-late left-late"},
		{OwedUnheard, instead(OwedUrgent), "open open-late left-late"},
		{OwedUnheard, instead(OwedStranded), "stranded late"},
		{OwedUnheard, instead(OwedNoAnswer), "silent"},
		{OwedUnheard, instead(OwedApprove), "waiting"},
		{OwedUnheard, instead(OwedNoWord), strings.ReplaceAll(helped, "home ", "") + "open open-late left-late standby guest arrived cancelled"},
		{OwedUnheard, instead(OwedSettled), ""},

		{OwedThanks, toSam, "taken taken-late taken-over silent changed stranded late unreached home"},
		{OwedReminder, toSam, "taken taken-late silent changed stranded late unreached home"},
		{OwedDetails, toSam, "taken taken-late silent changed stranded late unreached home"},
		{OwedReleased, toSam, "open open-late left-late standby guest arrived"},
		{OwedStepBack, toMaya, "open open-late left-late standby guest"},
		{OwedLeft, toMaya, "open open-late left-late standby guest"},
		{OwedHeld, toSam, ""},
		{OwedBack, toSam, lasting},
		{OwedTakenOff, toMaya, lasting + "taken-over"},
		{OwedMoved, toSam, "changed"},
		{OwedMoved, toMaya, ""},
		{OwedSignedUp, toSam, "taken taken-late waiting silent changed stranded late unreached"},
		{OwedLapsed, toSam, "open open-late left-late standby guest"},
		{OwedNoReply, toMaya, "open open-late left-late standby guest"},

		{OwedApprove, toMaya, "waiting"},
		{OwedLastYes, toMaya, "waiting"},
		{OwedDeclined, toSam, lasting},

		{OwedGive, toSam, ""}, // see TestHandOver
		{OwedNotTaken, toSam, "taken taken-late waiting silent changed stranded late unreached"},
		{OwedHandsOver, toMaya, "taken taken-late waiting silent changed stranded late unreached home"},

		{OwedStandby, toMaya, "standby"},
		{OwedPromoted, toSam, "taken taken-late waiting silent changed stranded late unreached"},
		{OwedStepIn, toMaya, "taken taken-late taken-over waiting silent changed stranded late unreached home"},
		{OwedStandIn, toRoom, "silent"},
		{OwedStill, toSam, "taken waiting silent changed unreached"},
		{OwedStill, aboutGuest, "guest"},
		{OwedSure, toMaya, "taken taken-late waiting silent changed stranded late unreached home"},
		{OwedNoAnswer, toMaya, "silent"},
		{OwedSettled, toRoom, "taken taken-late taken-over waiting silent changed stranded late unreached home cancelled"},
		{OwedSettled, public, ""},
		{OwedPutDown, toRoom, "changed"},
		{OwedPutDown, aboutGuest, "guest"},

		{OwedYes, toMaya, "taken taken-late waiting silent changed stranded late unreached home cancelled"},
		{OwedCantReach, toMaya, "unreached"},
		{OwedWriteToMe, toRoom, "unreached"},
		{OwedPassOn, instead(OwedMoved), ""}, // see TestPassOn
		{OwedPassOn, instead(OwedArrived), lasting + "taken-over cancelled arrived past"},

		{OwedHasCome, toMaya, "taken-late taken-over stranded late past"},
		{OwedStranded, toSam, "stranded late"},
		{OwedLate, toMaya, "taken taken-late taken-over waiting silent changed stranded late unreached past"},

		{OwedHomeAsk, toSam, strings.ReplaceAll(helped, "home ", "")},
		{OwedHomeAsk, aboutGuest, "guest"},
		{OwedNoWord, toRoom, strings.ReplaceAll(helped, "home ", "")},
		{OwedHome, toMaya, helped + "arrived"},
		{OwedArrived, toMaya, "home arrived"},
	} {
		covered[tt.what] = true
		want := strings.Fields(tt.stands)
		tt.notice.What = tt.what
		for name, s := range stances(t) {
			if got := tt.notice.Stands(s.need, s.now); got != slices.Contains(want, name) {
				t.Errorf("%s to %v about %s, %s: %v", tt.what, tt.notice.To, tt.notice.About.Name, name, got)
			}
		}
	}
	for what := range conditions() {
		if !covered[what] {
			t.Errorf("no case of %s", what)
		}
	}
	for name, s := range stances(t) { // what has happened has happened
		for _, what := range []What{OwedCard, OwedCancelled, OwedReplaced, OwedThankYou} {
			j := toSam
			if j.What = what; !j.Stands(s.need, s.now) {
				t.Errorf("%s, %s: is not said", what, name)
			}
		}
	}
}
