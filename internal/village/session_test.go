package village

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyCourse draws a saved course in some zone.
func anyCourse(t *rapid.T) Course {
	zone := rapid.SampledFrom([]string{"America/Denver", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Chatham", "America/St_Johns", "UTC"}).Draw(t, "zone")
	r := CourseRequest{ID: "course", Member: person("maya"), Zone: zone, Area: "near the station", Home: "the west side",
		Length:  time.Duration(rapid.IntRange(15, 12*60).Draw(t, "length")) * time.Minute,
		TouchUp: rapid.Bool().Draw(t, "touchup"),
		Clinic: Clinic{Food: time.Duration(rapid.IntRange(0, 24).Draw(t, "food")) * time.Hour,
			Drinks: time.Duration(rapid.IntRange(0, 24).Draw(t, "drinks")) * time.Hour},
		Help: &HelpWith{Kinds: rapid.SliceOfDistinct(rapid.SampledFrom(SessionHelp()), func(k Kind) Kind { return k }).Draw(t, "help"), Hours: map[Kind]Hours{SchoolRun: {From: 15 * 60}, Carpool: {From: 16 * 60, To: 18 * 60, Place: "the field"}}},
	}
	at := now
	for i := range rapid.IntRange(1, 8).Draw(t, "sessions") {
		at = at.Add(r.Length + time.Duration(rapid.IntRange(1, 10*24*4).Draw(t, "gap"))*15*time.Minute)
		r.Starts, r.IDs = append(r.Starts, at), append(r.IDs, fmt.Sprintf("s%d", i))
	}
	for range rapid.IntRange(0, 3).Draw(t, "talks") {
		r.Talks = append(r.Talks, now.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "talk"))*time.Hour))
	}
	c, err := NewCourse(r, now)
	if err != nil {
		t.Fatalf("a good course was refused: %v", err)
	}
	c, err = c.Confirm(now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func anyQuiet(t *rapid.T) Quiet {
	return rapid.SampledFrom([]Quiet{Night(), {}, {From: 22 * 60, To: 7 * 60}, {From: 0, To: 9 * 60}, {From: 12 * 60, To: 14 * 60}, {From: 19 * 60, To: 10*60 + 30}}).Draw(t, "quiet")
}

func TestPlanKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, quiet := anyCourse(t), anyQuiet(t)
		var tweaked []string
		for range rapid.IntRange(0, 3).Draw(t, "tweaks") {
			name := rapid.SampledFrom(StepNames()).Draw(t, "name")
			at := rapid.IntRange(0, 24*60-1).Draw(t, "at")
			off := rapid.Bool().Draw(t, "off")
			c = c.Tweaked("", name, func(tw *Tweak) {
				tw.Off = off
				if !off {
					tw.At = &at
				}
			})
			tweaked = append(tweaked, name)
		}
		// some of it happens
		clock := now
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			s := rapid.SampledFrom(c.Sessions).Draw(t, "which")
			clock = clock.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
			var after Course
			var err error
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				after, err = c.Move(s.ID, clock.Add(time.Duration(rapid.IntRange(1, 500).Draw(t, "to"))*time.Hour), rapid.Bool().Draw(t, "later"), nil, clock)
			case 1:
				after, err = c.Cancel(s.ID, rapid.Bool().Draw(t, "all"), clock)
			case 2:
				after, err = c.End(s.ID, clock)
			case 3:
				after = c.Stop(clock)
			}
			if err == nil {
				c = after
			}
		}
		zone := c.zone()
		keys := map[string]bool{}
		days := map[string]bool{}
		for _, step := range Plan(c, quiet) {
			if keys[step.Key()] {
				t.Fatalf("%s is there twice", step.Key())
			}
			keys[step.Key()] = true
			s, ok := c.Session(step.Session)
			if !ok || s.Why == Cancelled {
				t.Fatalf("%s belongs to no session that takes place", step.Key())
			}
			if !step.Due.After(s.Planned) || !step.Due.Before(step.Until) {
				t.Fatalf("%s is due %v, planned %v, useful until %v", step.Key(), step.Due, s.Planned, step.Until)
			}
			if !c.Stopped.IsZero() && step.Due.After(c.Stopped) {
				t.Fatalf("%s is due after the course was stopped", step.Key())
			}
			for _, o := range c.Sessions {
				if o.silent(step.Due) {
					t.Fatalf("%s is due in a session", step.Key())
				}
			}
			own := slices.Contains(tweaked, step.Name)
			if quiet.Holds(step.Due, zone) && step.Name != TimeToGo && step.Name != HomeRest && !own {
				t.Fatalf("%s is due in quiet hours: %v", step.Key(), step.Due.In(zone))
			}
			if c.tweak(step.Session, step.Name).Off {
				t.Fatalf("%s is switched off", step.Key())
			}
			if leadsUp(step) && !step.Due.Before(s.Start) {
				t.Fatalf("%s is due %v, and the session begins %v", step.Key(), step.Due, s.Start)
			}
			if !leadsUp(step) && step.Name != TalkAhead && step.Due.Before(s.end()) {
				t.Fatalf("%s is due %v, and the session ends %v", step.Key(), step.Due, s.End)
			}
			if step.Name == CheckIn && !own {
				day := step.Due.In(zone).Format(time.DateOnly)
				if days[day] {
					t.Fatalf("two check-ins on %s", day)
				}
				days[day] = true
			}
		}
	})
}

// leadsUp says whether a reminder is about getting ready.
func leadsUp(s Step) bool {
	switch s.Name {
	case BookRide, BookChild, SomeoneToCall, PackBag, Fasting, Intention, SleepEarly, SessionToday, TimeToGo:
		return true
	case Hydration:
		return s.Part == "before"
	}
	return false
}

// An hour that a member has chosen stays on its side of the session: the rule
// for food is read before it holds, nobody is told to set off when it is over
// or hours too soon, and nobody is welcomed home before they have gone.
func TestAChosenHourKeepsItsSide(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	asked := time.Date(2026, 11, 23, 11, 0, 0, 0, zone)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 12, day, hour, minute, 0, 0, zone) }
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a"}, Member: person("maya"), Zone: "America/New_York",
		Clinic: Clinic{Food: 8 * time.Hour, Drinks: 2 * time.Hour}, Starts: []time.Time{at(2, 13, 0)}}, asked)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.Confirm(asked); err != nil {
		t.Fatal(err)
	}
	own := func(c Course, name string, hour, minute int) Course {
		return c.Tweaked("", name, func(t *Tweak) { t.At = new(hour*60 + minute) })
	}
	moved := func(c Course, to time.Time) Course {
		c, err := c.Move("a", to, false, nil, asked)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, tt := range []struct {
		story string
		c     Course
		name  string
		want  []time.Time
	}{
		{"food and drinks in the evening, in one", own(c, Fasting, 19, 0), Fasting, []time.Time{at(1, 19, 0)}},
		{"an hour between the two rules", own(c, Fasting, 9, 0), Fasting, []time.Time{at(1, 9, 0), at(2, 9, 0)}},
		{"before it holds, on the day", own(c, Fasting, 4, 30), Fasting, []time.Time{at(2, 4, 30)}},
		{"sooner than usual", own(c, TimeToGo, 11, 30), TimeToGo, []time.Time{at(2, 11, 30)}},
		{"moved on the clock, it moves along", moved(own(c, TimeToGo, 11, 30), at(2, 17, 0)), TimeToGo, []time.Time{at(2, 15, 30)}},
		{"moved to another day, it stays", moved(own(c, TimeToGo, 11, 30), at(4, 13, 0)), TimeToGo, []time.Time{at(4, 11, 30)}},
		{"after it began", own(c, TimeToGo, 13, 30), TimeToGo, []time.Time{at(2, 12, 0)}},
		{"a day's length too soon", own(c, TimeToGo, 2, 0), TimeToGo, []time.Time{at(2, 12, 0)}},
		{"home later", own(c, HomeRest, 18, 0), HomeRest, []time.Time{at(2, 18, 0)}},
		{"home, moved on the clock", moved(own(c, HomeRest, 18, 0), at(2, 15, 0)), HomeRest, []time.Time{at(2, 20, 0)}},
		{"home before it is over", own(c, HomeRest, 13, 30), HomeRest, []time.Time{at(2, 16, 0)}},
		{"today, after it began", own(c, SessionToday, 14, 0), SessionToday, []time.Time{at(2, 8, 0)}},
		{"the evening's idea in the morning", own(c, EveningCard, 9, 0), EveningCard, []time.Time{at(2, 19, 30)}},
	} {
		var got []time.Time
		for _, step := range Plan(tt.c, Night()) {
			if step.Name == tt.name && !step.Along {
				got = append(got, step.Due.In(zone))
			}
		}
		if !slices.EqualFunc(got, tt.want, time.Time.Equal) {
			t.Errorf("%s: %v, want %v", tt.story, got, tt.want)
		}
	}
}

// Two rules that are said at the same time are said once.
func TestRulesAreSaidOnce(t *testing.T) {
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a"}, Member: person("maya"), Zone: "UTC",
		Clinic: Clinic{Food: 12 * time.Hour, Drinks: 8 * time.Hour}, Starts: []time.Time{time.Date(2027, 3, 2, 13, 0, 0, 0, time.UTC)}}, time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, step := range Plan(c, Night()) {
		if step.Name == Fasting && !step.Along {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the rule for food and drinks comes %d times that evening", n)
	}
}

// Whoever plans one date after the other has several plans. The days after a
// session end where another one's begin, whichever plan it is in.
func TestPlansSideBySide(t *testing.T) {
	asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	one := func(id string, day int) Course {
		c, err := NewCourse(CourseRequest{ID: id, IDs: []string{id + "1"}, Member: person("maya"), Zone: "UTC", TouchUp: true,
			Starts: []time.Time{time.Date(2026, 12, day, 13, 0, 0, 0, time.UTC)}}, asked)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = c.Confirm(asked); err != nil {
			t.Fatal(err)
		}
		return c
	}
	first, second := one("a", 1), one("b", 4)
	draft := one("c", 2)
	draft.Draft = true
	cancelled, err := one("d", 2).Cancel("d1", false, asked)
	if err != nil {
		t.Fatal(err)
	}
	all := []Course{first, second, draft, cancelled}
	perDay := map[string]int{}
	questions, touchUps := 0, 0
	for _, c := range []Course{first, second} {
		for _, step := range Plan(c.Beside(all), Night()) {
			switch step.Name {
			case CheckIn:
				questions++
				perDay[step.Due.Format(time.DateOnly)]++
			case TouchUp:
				touchUps++
			}
		}
	}
	if questions != 2+CheckInDays || len(perDay) != questions || perDay["2026-12-04"] != 0 {
		t.Errorf("%d questions on these days: %v", questions, perDay)
	}
	if touchUps != 1 {
		t.Errorf("%d questions weeks later", touchUps)
	}
	if n := len(Plan(first.Beside([]Course{first, draft, cancelled}), Night())); n != len(Plan(first, Night())) {
		t.Errorf("what does not take place changes a plan: %d reminders", n)
	}
}

// What a move changes belongs to what moved, or to the days around it.
func TestMovingKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCourse(t)
		s := rapid.SampledFrom(c.Sessions).Draw(t, "which")
		after, err := c.Move(s.ID, s.Start.Add(time.Duration(rapid.IntRange(-200, 400).Draw(t, "by"))*time.Hour), rapid.Bool().Draw(t, "later"), nil, now)
		if err != nil {
			return
		}
		if len(after.Sessions) != len(c.Sessions) {
			t.Fatal("a session is lost")
		}
		for i, o := range after.Sessions {
			if i > 0 && o.Start.Before(after.Sessions[i-1].End) {
				t.Fatal("two sessions run into each other")
			}
			was, ok := c.Session(o.ID)
			if !ok || o.End.Sub(o.Start) != was.End.Sub(was.Start) {
				t.Fatal("a session changed its length")
			}
		}
	})
}

func TestLaterSessionsMoveByTheClock(t *testing.T) {
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 10, 28, 13, 0, 0, 0, zone)
	asked := time.Date(2026, 10, 1, 9, 0, 0, 0, zone)
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a", "b"}, Member: person("maya"), Zone: "America/Denver",
		Starts: []time.Time{start, start.AddDate(0, 0, 3)}}, asked)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Move("a", start.AddDate(0, 0, 1).Add(time.Hour), true, nil, asked) // the second lands behind the change of clocks
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Sessions[1].Start.In(zone).Format("2006-01-02 15:04"); got != "2026-11-01 14:00" {
		t.Errorf("the second is at %s", got)
	}
}

func TestCourseRefuses(t *testing.T) {
	good := CourseRequest{ID: "c", IDs: []string{"a", "b"}, Member: person("maya"), Zone: "UTC", Starts: []time.Time{now.Add(24 * time.Hour), now.Add(72 * time.Hour)}}
	for _, tt := range []struct {
		want   string
		change func(r *CourseRequest)
	}{
		{"time-missing", func(r *CourseRequest) { r.Starts = nil }},
		{"too-many", func(r *CourseRequest) {
			for i := range MaxSessions {
				r.Starts, r.IDs = append(r.Starts, now.AddDate(0, 1, i)), append(r.IDs, fmt.Sprint(i))
			}
		}},
		{"time-past", func(r *CourseRequest) { r.Starts[0] = now }},
		{"time-far", func(r *CourseRequest) { r.Starts[1] = now.Add(MaxAhead + time.Hour) }},
		{"overlap", func(r *CourseRequest) { r.Starts[1] = r.Starts[0].Add(time.Hour) }},
		{"overlap", func(r *CourseRequest) {
			r.Others = []Course{{ID: "other", Sessions: []Session{{ID: "x", Start: r.Starts[0].Add(-time.Hour), End: r.Starts[0].Add(time.Minute)}}}}
		}},
		{"length-bounds", func(r *CourseRequest) { r.Length = 13 * time.Hour }},
		{"fast-bounds", func(r *CourseRequest) { r.Clinic.Food = 80 * time.Hour }},
		{"too-long", func(r *CourseRequest) { r.Area = strings.Repeat("x", MaxPlace+1) }},
		{"place-missing", func(r *CourseRequest) { r.Help = &HelpWith{Kinds: []Kind{RideHome}} }},
		{"place-missing", func(r *CourseRequest) { r.Help, r.Area = &HelpWith{Kinds: []Kind{RideThere}}, "here" }},
		{"help-unknown", func(r *CourseRequest) { r.Help = &HelpWith{Kinds: []Kind{"errand"}} }},
	} {
		r := good
		r.Starts, r.IDs = slices.Clone(good.Starts), slices.Clone(good.IDs)
		tt.change(&r)
		if _, err := NewCourse(r, now); code(err) != tt.want {
			t.Errorf("got %s, want %s", code(err), tt.want)
		}
	}
}

func TestSilenceIsTheSession(t *testing.T) {
	c := Course{Sessions: []Session{{ID: "a", Start: now, End: now.Add(2 * time.Hour)}}}
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{{now.Add(-time.Second), false}, {now, true}, {now.Add(2*time.Hour - time.Second), true}, {now.Add(2 * time.Hour), false}} {
		if got := !Silence([]Course{c}, tt.at).IsZero(); got != tt.want {
			t.Errorf("silent at %v: %v", tt.at, got)
		}
	}
	over, err := c.End("a", now.Add(time.Hour))
	if err != nil || !Silence([]Course{over}, now.Add(time.Hour)).IsZero() {
		t.Error("it stays silent although the member is out")
	}
}

func TestDrawDoesNotRepeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cards := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,8}`), 1, 40, func(s string) string { return s }).Draw(t, "cards")
		seed := rapid.StringMatching(`[a-z0-9]{6}`).Draw(t, "seed")
		var drawn []string
		for range cards {
			card := Draw(seed, cards, drawn)
			if card == "" || slices.Contains(drawn, card) {
				t.Fatalf("%q was drawn again", card)
			}
			drawn = append(drawn, card)
		}
		if card := Draw(seed, cards, drawn); !slices.Contains(cards, card) {
			t.Fatalf("with all drawn, %q", card)
		}
	})
}

func TestQuietHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"America/Denver", "Europe/London", "Asia/Kolkata"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		q := Quiet{From: rapid.IntRange(0, 24*60-1).Draw(t, "from"), To: rapid.IntRange(0, 24*60-1).Draw(t, "to")}
		at := now.Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "at")) * time.Minute)
		after := q.After(at, zone)
		if after.Before(at) || after.Sub(at) > 26*time.Hour {
			t.Fatalf("%v waits until %v", at.In(zone), after.In(zone))
		}
		if !q.Holds(at, zone) && (!after.Equal(at) || !q.Before(at, zone).Equal(at)) {
			t.Fatalf("%v is not quiet, and was moved", at.In(zone))
		}
		if q.Before(at, zone).After(at) {
			t.Fatal("before is after")
		}
	})
	if q := Night(); !q.Holds(time.Date(2026, 1, 1, 23, 0, 0, 0, time.UTC), time.UTC) || !q.Holds(time.Date(2026, 1, 1, 7, 59, 0, 0, time.UTC), time.UTC) || q.Holds(time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC), time.UTC) {
		t.Error("the night is from nine to eight")
	}
}
