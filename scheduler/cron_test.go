package scheduler_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"village/scheduler"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func parse(t testing.TB, spec string, z *time.Location) scheduler.Schedule {
	t.Helper()
	s, err := scheduler.ParseSchedule(spec, z)
	if err != nil {
		t.Fatalf("%q is refused: %v", spec, err)
	}
	return s
}

func TestWrongSpecsAreRefusedWithASentence(t *testing.T) {
	for _, c := range []struct{ spec, code string }{
		{"", "cron-empty"},
		{"   \t", "cron-empty"},
		{strings.Repeat("1,", 60) + "1 * * * *", "cron-too-long"},
		{"0 9 * * * \x00", "cron-signs"},
		{"0 9 * * mon–fri", "cron-signs"},
		{"０ 9 * * *", "cron-signs"},
		{"TZ=", "cron-zone"},
		{"TZ=UTC", "cron-zone"},
		{"CRON_TZ=UTC", "cron-zone"},
		{"tz=America/New_York 0 9 * * *", "cron-zone"},
		{"Cron_Tz=Nowhere 0 9 * * *", "cron-zone"},
		{"0 9 * * * TZ=UTC", "cron-zone"},
		{"@reboot", "cron-reboot"},
		{"@Reboot", "cron-reboot"},
		{"@", "cron-name"},
		{"@every", "cron-name"},
		{"@every5m", "cron-name"},
		{"@noon", "cron-name"},
		{"@daily 9:00", "cron-name"},
		{"@every 1s", "cron-too-often"},
		{"@every 4m59.999s", "cron-too-often"},
		{"@every -1h", "cron-too-often"},
		{"@every 0", "cron-too-often"},
		{"@every 1d", "cron-every"},
		{"@every day", "cron-every"},
		{"@every 5", "cron-every"},
		{"@every 9000h", "cron-every"},
		{"@every 99999999999999999999h", "cron-every"},
		{"* * * * * *", "cron-six"},
		{"30 0 9 * * *", "cron-six"},
		{"0 0 9 * * ? 2027", "cron-parts"},
		{"9", "cron-parts"},
		{"9:00", "cron-parts"},
		{"every day at 9", "cron-parts"},
		{"0 9 * *", "cron-parts"},
		{"every day at nine please", "cron-part"},
		{"9:00 * * * *", "cron-part"},
		{"60 9 * * *", "cron-part"},
		{"0 24 * * *", "cron-part"},
		{"0 9 0 * *", "cron-part"},
		{"0 9 32 * *", "cron-part"},
		{"0 9 * 0 *", "cron-part"},
		{"0 9 * 13 *", "cron-part"},
		{"0 9 * * 8", "cron-part"},
		{"0 9 * * monday", "cron-part"},
		{"0 9 * june *", "cron-part"},
		{"0 9 2L * *", "cron-part"},
		{"0 9 15W * *", "cron-part"},
		{"0 9 * * fri#6", "cron-part"},
		{"-5 9 * * *", "cron-part"},
		{"+5 9 * * *", "cron-part"},
		{"0.5 9 * * *", "cron-part"},
		{"0 9, * * *", "cron-part"},
		{", 9 * * *", "cron-part"},
		{"0 9-12-15 * * *", "cron-part"},
		{"0 *-5 * * *", "cron-part"},
		{"? 9 * * *", "cron-part"},
		{"99999999999999999999 9 * * *", "cron-part"},
		{"0 17-9 * * *", "cron-range"},
		{"0 9 * * sat-wed", "cron-range"},
		{"0 9 * * 5-7/2", "cron-range"},
		{"0 9 * nov-feb *", "cron-range"},
		{"*/0 * * * *", "cron-step"},
		{"*/ * * * *", "cron-step"},
		{"*/-5 * * * *", "cron-step"},
		{"*/5/5 * * * *", "cron-step"},
		{"*/60 * * * *", "cron-step"},
		{"*/90 * * * *", "cron-step"},
		{"0 */24 * * *", "cron-step"},
		{"* * * * *", "cron-too-often"},
		{"*/1 * * * *", "cron-too-often"},
		{"*/4 * * * *", "cron-too-often"},
		{"0,2 9 * * *", "cron-too-often"},
		{"1,58 * * * *", "cron-too-often"},
		{"0 0 31 2 *", "cron-never"},
		{"0 0 30 feb *", "cron-never"},
		{"0 0 31 4,6,9,11 *", "cron-never"},
	} {
		_, err := scheduler.ParseSchedule(c.spec, time.UTC)
		var refused *scheduler.SpecError
		if !errors.As(err, &refused) {
			t.Errorf("%q: %v, want a refusal with %s", c.spec, err, c.code)
			continue
		}
		code, say, hint := refused.Person()
		if code != c.code {
			t.Errorf("%q: %s (%s), want %s", c.spec, code, say, c.code)
		}
		if !strings.HasSuffix(say, ".") {
			t.Errorf("%q: %q is not a sentence", c.spec, say)
		}
		showsARightLine(t, hint)
		if strings.Contains(err.Error(), "Nowhere") || strings.Contains(err.Error(), "please") {
			t.Errorf("%q: the error for the log quotes the person: %v", c.spec, err)
		}
	}
}

// showsARightLine parses what a hint shows between quotation marks.
func showsARightLine(t *testing.T, hint string) {
	t.Helper()
	parts := strings.Split(hint, `"`)
	if len(parts) < 3 {
		t.Errorf("the hint %q shows no line that is right", hint)
	}
	for i := 1; i < len(parts); i += 2 {
		if _, err := scheduler.ParseSchedule(parts[i], time.UTC); err != nil {
			t.Errorf("the hint shows %q, which is refused: %v", parts[i], err)
		}
	}
}

func TestScheduleNeedsAZone(t *testing.T) {
	if s, err := scheduler.ParseSchedule("0 9 * * *", nil); err == nil {
		t.Errorf("a schedule without a zone: %v", s)
	}
}

func TestNext(t *testing.T) {
	for _, c := range []struct{ name, spec, zone, from, want string }{
		{"strictly after", "0 9 * * *", "UTC", "2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z"},
		{"just before", "0 9 * * *", "UTC", "2026-12-01T08:59:59.999Z", "2026-12-01T09:00:00Z"},
		{"spaces and capitals", "  0  18 * *  Mon,THU ", "UTC", "2026-12-01T09:00:00Z", "2026-12-03T18:00:00Z"},
		{"Sunday as 7", "0 9 * * 7", "UTC", "2026-12-01T09:00:00Z", "2026-12-06T09:00:00Z"},
		{"question mark", "0 9 ? * sun", "UTC", "2026-12-01T09:00:00Z", "2026-12-06T09:00:00Z"},
		{"a name", "@Daily", "UTC", "2026-12-01T09:00:00Z", "2026-12-02T00:00:00Z"},
		{"every", "@every 90m", "UTC", "2026-12-01T09:00:00Z", "2026-12-01T10:30:00Z"},
		{"either day", "0 9 13 * fri", "UTC", "2026-12-11T09:00:00Z", "2026-12-13T09:00:00Z"},
		{"in the zone", "0 9 * * *", "Asia/Kolkata", "2026-12-01T03:30:00Z", "2026-12-02T03:30:00Z"},
		{"last day of some months", "0 9 31 * *", "UTC", "2026-11-22T00:00:00Z", "2026-12-31T09:00:00Z"},
		{"February 29", "0 9 29 2 *", "UTC", "2026-11-22T00:00:00Z", "2028-02-29T09:00:00Z"},
		{"last day of a leap year", "0 9 * * *", "America/New_York", "2028-12-31T13:00:00Z", "2028-12-31T14:00:00Z"},
		{"February 29 over 2100", "0 9 29 2 *", "UTC", "2096-02-29T09:00:00Z", "2104-02-29T09:00:00Z"},
		// New York: 2:00 to 3:00 on March 14, 2027 is leapt over; 1:00 to 2:00
		// on November 7, 2027 is there twice.
		{"leapt over", "30 2 * * *", "America/New_York", "2027-03-14T06:59:59Z", "2027-03-14T07:00:00Z"},
		{"leapt over, once", "30 2 * * *", "America/New_York", "2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z"},
		{"leapt over together", "*/15 2,3 * * *", "America/New_York", "2027-03-14T07:00:00Z", "2027-03-14T07:15:00Z"},
		{"twice, the first", "30 1 * * *", "America/New_York", "2027-11-07T05:00:00Z", "2027-11-07T05:30:00Z"},
		{"twice, not the second", "30 1 * * *", "America/New_York", "2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z"},
		{"from within the second", "*/10 1 * * *", "America/New_York", "2027-11-07T06:25:00Z", "2027-11-08T06:00:00Z"},
		{"right after the second", "0 2 * * *", "America/New_York", "2027-11-07T06:25:00Z", "2027-11-07T07:00:00Z"},
		{"every counts real time", "@every 24h", "America/New_York", "2027-03-13T17:00:00Z", "2027-03-14T17:00:00Z"},
		// Lord Howe moves by half an hour: 2:00 to 2:30 is leapt over.
		{"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2027-10-02T00:00:00Z", "2027-10-02T15:30:00Z"},
		// Cairo leaps over midnight.
		{"no midnight", "0 0 * * *", "Africa/Cairo", "2027-04-29T12:00:00Z", "2027-04-29T22:00:00Z"},
		// Samoa had no December 30, 2011.
		{"a day that is not there", "0 9 * * *", "Pacific/Apia", "2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"},
	} {
		s := parse(t, c.spec, zone(t, c.zone))
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		got := s.Next(from)
		if want := c.want; got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %q in %s after %s comes at %s, want %s", c.name, c.spec, c.zone, c.from, got.UTC().Format(time.RFC3339Nano), want)
		}
		if got.Location().String() != c.zone {
			t.Errorf("%s: the time is in %s, want %s", c.name, got.Location(), c.zone)
		}
	}
}

// TestEveryDayOfManyZones counts, over a year, the times that cron gets
// wrong when it runs on the zone's own clock.
func TestEveryDayOfManyZones(t *testing.T) {
	for _, name := range zones {
		z := zone(t, name)
		for _, spec := range []string{"30 2 * * *", "30 1 * * *", "0 0 * * *"} {
			s := parse(t, spec, z)
			from := time.Date(2026, 1, 1, 0, 0, 0, 0, z).Add(-time.Nanosecond)
			seen := map[string]int{}
			for at := s.Next(from); at.Year() < 2027; at = s.Next(at) {
				seen[at.Format(time.DateOnly)]++
			}
			for day := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() < 2027; day = day.AddDate(0, 0, 1) {
				if n := seen[day.Format(time.DateOnly)]; n != 1 {
					t.Errorf("%q in %s comes %d times on %s", spec, name, n, day.Format(time.DateOnly))
				}
			}
		}
	}
}

// zones are the ones with something unusual, and some without.
var zones = []string{
	"UTC", "America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Phoenix",
	"America/Santiago", "America/Havana", "America/Asuncion", "America/Nuuk", "America/Sao_Paulo",
	"Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Chisinau", "Africa/Cairo", "Africa/Casablanca",
	"Africa/El_Aaiun", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Gaza", "Asia/Beirut", "Asia/Jerusalem",
	"Asia/Tehran", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Sydney", "Australia/Eucla",
	"Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Easter",
	"Antarctica/Troll", "Atlantic/Azores", "Pacific/Norfolk", "Asia/Pyongyang", "America/Caracas",
}

// TestOncePerWallClockDay compares a daily time in any zone and year with what
// looking at every minute of the day says.
func TestOncePerWallClockDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(loaded).Draw(t, "zone")
		year := rapid.IntRange(1975, 2060).Draw(t, "year")
		hour, minute := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		spec := time.Date(0, 1, 1, hour, minute, 0, 0, time.UTC).Format("4 15") + " * * *"
		s, err := scheduler.ParseSchedule(spec, z)
		if err != nil {
			t.Fatal(err)
		}
		// Every local day that exists owes one firing, in order.
		var want []time.Time
		begin := time.Date(year, 1, 2, 0, 0, 0, 0, time.UTC)
		for day := begin; day.Year() == year; day = day.AddDate(0, 0, 1) {
			if at, exists := firstMinute(day, hour, minute, z); exists {
				want = append(want, at)
			}
		}
		got := scheduler.Preview(s, want[0].Add(-time.Second), len(want))
		for i := range want {
			if i >= len(got) || !got[i].Equal(want[i]) {
				t.Fatalf("%s in %s: firing %d is %s, want %s", spec, z, i, got[i], want[i])
			}
		}
	})
}

// loaded is the zones of the property tests, read once.
var loaded = func() []*time.Location {
	var all []*time.Location
	for _, name := range zones {
		if z, err := time.LoadLocation(name); err == nil {
			all = append(all, z)
		}
	}
	return all
}()

// firstMinute goes through the minutes around a day and finds the first whose
// wall clock shows that day and time or a later one; false when the day is not
// there. On most days there is a shortcut.
func firstMinute(day time.Time, hour, minute int, z *time.Location) (time.Time, bool) {
	noon := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, z)
	_, before := noon.Add(-36 * time.Hour).Zone()
	_, now := noon.Zone()
	_, after := noon.Add(36 * time.Hour).Zone()
	if before == now && now == after {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, z), true
	}
	want := day.YearDay()*24*60 + hour*60 + minute
	exists := false
	var found time.Time
	// No zone is further than 14 hours ahead of UTC.
	begin := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	for at := begin.Add(-20 * time.Hour); at.Before(begin.Add(60 * time.Hour)); at = at.Add(time.Minute) {
		local := at.In(z)
		shows := local.YearDay()*24*60 + local.Hour()*60 + local.Minute()
		if local.Year() != day.Year() {
			shows += (local.Year() - day.Year()) * 366 * 24 * 60
		}
		exists = exists || local.Year() == day.Year() && local.YearDay() == day.YearDay()
		if found.IsZero() && shows >= want {
			found = local
		}
	}
	return found, exists
}

func TestPreviewGoesOverAChangeOfClocks(t *testing.T) {
	z := zone(t, "Europe/London")
	s := parse(t, "30 1 * * *", z)
	from := time.Date(2027, 3, 26, 12, 0, 0, 0, z)
	var got []string
	for _, at := range scheduler.Preview(s, from, 4) {
		got = append(got, at.Format("Mon 15:04 MST"))
	}
	if want := "Sat 01:30 GMT, Sun 02:00 BST, Mon 01:30 BST, Tue 01:30 BST"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
	if n := len(scheduler.Preview(never{}, from, 5)); n != 0 {
		t.Errorf("%d firings of a schedule that never fires", n)
	}
}

type never struct{}

func (never) Next(time.Time) time.Time { return time.Time{} }

func TestDescribe(t *testing.T) {
	for spec, want := range map[string]string{
		"0 9 * * *":          "every day at 9:00 am",
		"@daily":             "every day at midnight",
		"30 18 * * mon,thu":  "Mondays and Thursdays at 6:30 pm",
		"0 9 * * 7":          "Sundays at 9:00 am",
		"0 9 * * mon-fri":    "Monday to Friday at 9:00 am",
		"0 9 * * sat,sun":    "Saturdays and Sundays at 9:00 am",
		"0 9,12,15 * * *":    "every day at 9:00 am, noon and 3:00 pm",
		"0 * * * *":          "every hour",
		"30 * * * *":         "every hour, first at 12:30 am",
		"0 */2 * * *":        "every 2 hours",
		"30 1-23/2 * * *":    "every 2 hours, first at 1:30 am",
		"0 8-20/2 * * *":     "every 2 hours from 8:00 am to 8:00 pm",
		"0 8-20/2 * * sat":   "Saturdays, every 2 hours from 8:00 am to 8:00 pm",
		"*/15 * * * *":       "every 15 minutes",
		"*/15 9-17 * * *":    "every 15 minutes from 9:00 am to 5:45 pm",
		"0 9 1 * *":          "day 1 of every month at 9:00 am",
		"0 9 31 * *":         "day 31 of every month that has one, at 9:00 am",
		"0 9 30,31 * *":      "days 30 and 31 of every month that has them, at 9:00 am",
		"0 */2 31 * *":       "day 31 of every month that has one, every 2 hours",
		"0 9 31 * mon":       "day 31 of every month that has one and also Mondays at 9:00 am",
		"0 9 1,15 * *":       "days 1 and 15 of every month at 9:00 am",
		"0 9 1 mar *":        "every March 1 at 9:00 am",
		"0 9 * jun,jul *":    "every day in June and July at 9:00 am",
		"0 9 * jun mon":      "Mondays in June at 9:00 am",
		"0 9 1 * mon":        "day 1 of every month and also Mondays at 9:00 am",
		"0 9 1-31 * mon":     "every day at 9:00 am",
		"@every 6h":          "every 6 hours",
		"@every 1h":          "every hour",
		"@every 90m":         "every 90 minutes",
		"@every 10m30s":      "every 10m30s",
		"0 9 1-20 * *":       "0 9 1-20 * *",
		"7-55/8 1,5,9 * * *": "7-55/8 1,5,9 * * *",
		"@every soon":        "@every soon",
		"words":              "words",
	} {
		if got := scheduler.Describe(spec); got != want {
			t.Errorf("%q is described as %q, want %q", spec, got, want)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, spec := range []string{
		"0 9 * * *", "*/15 8-20/2 1,15 jan-jun mon", "@every 6h", "@daily", "TZ=", "CRON_TZ=UTC", "TZ=UTC 0 9 * * *",
		"0 0 31 2 *", "0 0 29 2 *", "@every -1h", "* * * * * *", ", * * * *", "*/99999999999999999999 * * * *", "0 0 * * 7", "\xff",
	} {
		f.Add(spec)
	}
	z := zone(f, "America/New_York")
	from := time.Date(2027, 3, 13, 20, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := scheduler.ParseSchedule(spec, z)
		words := scheduler.Describe(spec)
		if err != nil {
			var refused *scheduler.SpecError
			if !errors.As(err, &refused) || refused.Say == "" || refused.Hint == "" {
				t.Fatalf("%q is refused without words: %v", spec, err)
			}
			return
		}
		if words == "" {
			t.Fatalf("%q has no description", spec)
		}
		firings := scheduler.Preview(s, from, 20)
		if len(firings) != 20 {
			t.Fatalf("%q fires %d times", spec, len(firings))
		}
		last := from
		for _, at := range firings {
			if !at.After(last) {
				t.Fatalf("%q: %s does not come after %s", spec, at, last)
			}
			last = at
		}
	})
}

// A zone changes its rules after a reminder was put: nine o'clock stays nine
// o'clock, and none is lost or said twice.
func TestAimAfterAChangeOfRules(t *testing.T) {
	denver := zone(t, "America/Denver")
	for _, tt := range []struct {
		spec      string
		put, want time.Time
	}{
		{"0 9 * * *", time.Date(2026, 12, 1, 9, 0, 0, 0, denver), time.Date(2026, 12, 1, 9, 0, 0, 0, denver)},
		{"0 9 * * *", time.Date(2026, 12, 1, 8, 0, 0, 0, denver), time.Date(2026, 12, 1, 9, 0, 0, 0, denver)},   // put for an hour too early
		{"0 9 * * *", time.Date(2026, 12, 1, 10, 0, 0, 0, denver), time.Date(2026, 12, 1, 10, 0, 0, 0, denver)}, // an hour too late: at once
		{"30 9 * * 1", time.Date(2026, 12, 7, 9, 0, 0, 0, denver), time.Date(2026, 12, 7, 9, 30, 0, 0, denver)},
		{"0 0 29 2 *", time.Date(2028, 2, 28, 23, 0, 0, 0, denver), time.Date(2028, 2, 29, 0, 0, 0, 0, denver)},
	} {
		s, err := scheduler.ParseSchedule(tt.spec, denver)
		if err != nil {
			t.Fatal(err)
		}
		if got := scheduler.Aim(s, tt.put); !got.Equal(tt.want) {
			t.Errorf("%s put for %v is due %v, want %v", tt.spec, tt.put, got, tt.want)
		}
	}
}
