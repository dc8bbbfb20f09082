package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"village/bot/console"
	"village/content"
	"village/internal/store/bolt"
)

var calendarAddress = regexp.MustCompile(`webcal://\S+/calendar/([a-z2-7]{26}\.ics)`)

// calendars is a rehearsal whose calendars are read by a library that did not write them.
type calendars struct {
	*rehearsal
	t     *testing.T
	clock *clock
	out   bytes.Buffer
}

func newCalendars(t *testing.T) *calendars {
	t.Helper()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &calendars{t: t, clock: &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}}
	db, err := bolt.OpenThrowaway(c.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if c.rehearsal, err = newRehearsal(context.Background(), db, library, c.clock, console.Config{Out: &c.out, Moderators: []string{"mod"}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// say gives what is said since.
func (c *calendars) say(lines ...string) string {
	c.t.Helper()
	c.out.Reset()
	if err := c.play(c.t.Context(), strings.NewReader(strings.Join(lines, "\n")+"\n")); err != nil {
		c.t.Fatal(err)
	}
	return c.out.String()
}

// name is the last part of an address that is told.
func (c *calendars) name(line string) string {
	c.t.Helper()
	said := c.say(line)
	m := calendarAddress.FindStringSubmatch(said)
	if m == nil {
		c.t.Fatalf("%s tells no address: %s", line, said)
	}
	return m[1]
}

// read is a calendar's entries by their titles; nil where the address leads nowhere.
func (c *calendars) read(name string) map[string]ical.Event {
	c.t.Helper()
	data, err := c.parts.app.Agenda(c.t.Context(), name)
	if err != nil {
		c.t.Fatal(err)
	}
	if data == nil {
		return nil
	}
	for _, word := range []string{"ketamine", "therapy", "clinic", "session", "12 Oak", "303 555"} {
		if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word))) {
			c.t.Errorf("a calendar says %q: %s", word, data)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		c.t.Fatalf("another library cannot read it: %v\n%s", err, data)
	}
	out := map[string]ical.Event{}
	for _, e := range cal.Events() {
		out[e.Props.Get(ical.PropSummary).Value] = e
	}
	return out
}

func (c *calendars) entry(name, title string) (uid, edition, status string, start time.Time) {
	c.t.Helper()
	e, ok := c.read(name)[title]
	if !ok {
		c.t.Fatalf("there is no %q among %v", title, c.read(name))
	}
	start, err := e.DateTimeStart(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return e.Props.Get(ical.PropUID).Value, e.Props.Get(ical.PropSequence).Value, e.Props.Get(ical.PropStatus).Value, start
}

// A calendar moves and cancels with the plan, keeps what is cancelled for two weeks, and
// shows nobody else's; an address that is guessed, cut, lost or ended shows nothing.
func TestCalendarsFollow(t *testing.T) {
	c := newCalendars(t)
	c.say("mod: /setup zone Denver", "mod: /setup helpers anyone", "maya: /ask ride-home 2026-12-01 13:00 from: near Union Station details: 12 Oak Street, 303 555 0100",
		"zelda: /ask meal 2026-12-01 18:00 where: the mall", "sam: /need claim 32pn32")
	maya, sam := c.name("maya: /my calendar"), c.name("sam: /my calendar")
	uid, first, status, start := c.entry(sam, "Ride home for maya")
	if want := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC); status != "CONFIRMED" || !start.Equal(want) {
		t.Errorf("%s at %v, want %v", status, start, want)
	}
	if hers := c.read(maya); len(hers) != 1 || hers["Ride home"].Component == nil || len(hers["Ride home"].Children) != 1 {
		t.Errorf("maya's calendar has %v", hers)
	}
	c.say("maya: /need move 32pn32 2026-12-02 14:00", "wait 5m", "sam: /need still 32pn32")
	uid2, second, _, start := c.entry(sam, "Ride home for maya")
	if want := time.Date(2026, 12, 2, 21, 0, 0, 0, time.UTC); uid2 != uid || second <= first || !start.Equal(want) {
		t.Errorf("moved: %s, edition %s after %s, at %v", uid2, second, first, start)
	}
	c.say("sam: /need release 32pn32")
	if uid3, third, status, _ := c.entry(sam, "Ride home for maya"); uid3 != uid || third <= second || status != "CANCELLED" {
		t.Errorf("stepped back: %s, edition %s after %s, %s", uid3, third, second, status)
	}
	c.say("maya: /need cancel 32pn32 yes")
	if _, _, status, _ := c.entry(maya, "Ride home"); status != "CANCELLED" {
		t.Errorf("cancelled: %s", status)
	}
	c.say("wait until 2026-12-06 09:00")
	if len(c.read(maya)) != 1 {
		t.Error("what is cancelled is gone before two weeks are over")
	}
	c.say("wait until 2026-12-17 09:00")
	if left := c.read(maya); left == nil || len(left) != 0 {
		t.Errorf("what was cancelled long ago is there: %v", left)
	}

	for name, address := range map[string]string{"guessed": strings.Repeat("a", 26) + ".ics", "cut": maya[:20] + ".ics", "empty": "", "longer": "x" + maya} {
		if c.read(address) != nil {
			t.Errorf("an address that is %s leads somewhere", name)
		}
	}
	anew := c.name("maya: /my calendar new")
	if c.read(maya) != nil || c.read(anew) == nil {
		t.Error("a new address does not replace the old one")
	}
	c.say("eve: /my calendar off")
	if c.read(anew) == nil {
		t.Error("somebody else has ended it")
	}
	c.say("sam leaves", "sam@dm: /privacy delete yes")
	if c.read(sam) != nil {
		t.Error("whoever is forgotten still has a calendar")
	}
	c.say("maya: /my calendar off")
	if c.read(anew) != nil {
		t.Error("an address that was ended leads somewhere")
	}
}

// Whoever has a link has a calendar; it ends with the link.
func TestCalendarsOfFamily(t *testing.T) {
	c := newCalendars(t)
	c.say("mod: /setup zone Denver", "mod: /setup helpers anyone", "maya: /family add name: Rosa")
	asked := c.say("maya: /ask meal 2026-12-01 18:00 where: the west side")
	c.say("rosa@page: /need claim " + regexp.MustCompile(`/need show (\S+)`).FindStringSubmatch(asked)[1])
	rosa := c.name("rosa@page: /my calendar")
	if _, _, status, _ := c.entry(rosa, "Meal for maya"); status != "CONFIRMED" {
		t.Error(status)
	}
	c.say("maya: /family remove Rosa yes")
	if c.read(rosa) != nil {
		t.Error("a calendar outlives its link")
	}
	c.say("maya: /family add name: Ben until: 2026-12-02")
	ben := c.name("ben@page: /my calendar")
	if c.read(ben) == nil {
		t.Error("ben has no calendar")
	}
	c.say("wait until 2026-12-03 09:00")
	if c.read(ben) != nil {
		t.Error("a calendar outlives the last day of its link")
	}
}

// A member's own appointments are there by no name.
func TestCalendarsOfSessions(t *testing.T) {
	c := newCalendars(t)
	c.say("mod: /setup zone Denver")
	said := c.say("maya: /session add when: 2026-12-08 13:00")
	code := regexp.MustCompile(`/session save (\S+)`).FindStringSubmatch(said)[1]
	c.say("maya: /session save " + code)
	maya := c.name("maya: /my calendar")
	uid, first, status, _ := c.entry(maya, "Appointment")
	if status != "CONFIRMED" {
		t.Error(status)
	}
	c.clock.now = c.clock.now.Add(time.Minute)
	moved := c.say("maya: /session move to: 2026-12-09 13:00")
	if uid2, second, _, start := c.entry(maya, "Appointment"); uid2 != uid || second <= first || start.Day() != 9 {
		t.Errorf("moved: %s, edition %s after %s, at %v: %s", uid2, second, first, start, moved)
	}
}
