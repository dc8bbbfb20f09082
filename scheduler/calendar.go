package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// calendarPrefix begins a schedule in our own words, for what cron cannot say. The number is that of the form: a line of
// another form is refused, so that what is stored is never read otherwise than it was written.
const calendarPrefix = "@calendar/1 "

// mostAhead is how many days are looked at for the next one that fits: every rule that is accepted has one in that time.
const mostAhead = 366 * 9

// calendar is a schedule by the days of the calendar, as this line says it:
//
//	@calendar/1 RULE at=HH:MM,HH:MM
//
//	RULE = days=N from=DATE                    every N days, counted from a date
//	     | weeks=N on=mon,fri from=DATE        those weekdays of every Nth week, counted from the week of a date, Monday first
//	     | months=N nth=2,-1 on=thu from=DATE  the second and the last Thursday of every Nth month, counted from that of a date
//	     | months=N day=1,-1 from=DATE         days of the month, -1 for the last
//	     | dates=01-30,09-30                   those days of every year
//
// DATE is YYYY-MM-DD, and nothing comes before it. Parts stand in that order, lists go upwards (with -1 last), and
// nothing may be left out or added: one schedule has one spelling.
type calendar struct {
	rule  string // the name of the first part
	n     int
	from  time.Time // on a clock without a zone
	on    []time.Weekday
	nth   []int
	days  []int
	dates []string // MM-DD
	at    []int    // minutes of the day
}

func badCalendar() error {
	return refuse("cron-calendar", "That is not a line of mine that I can read.", everyHint)
}

// parseCalendar reads the line, in small letters and with single spaces.
func parseCalendar(line string) (calendar, error) {
	var c calendar
	parts := strings.Fields(strings.TrimPrefix(line, calendarPrefix))
	var names []string
	for _, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		names = append(names, name)
		if !c.set(name, value) {
			return c, badCalendar()
		}
	}
	c.rule = strings.Join(names, " ")
	if !slices.Contains([]string{"days from at", "weeks on from at", "months nth on from at", "months day from at", "dates at"}, c.rule) || c.write() != line {
		return c, badCalendar()
	}
	for i := 1; i < len(c.at); i++ {
		if c.at[i]-c.at[i-1] < int(leastGap/time.Minute) {
			return c, refuse("cron-too-often", "That would come more often than every five minutes.", everyHint)
		}
	}
	if c.nextWall(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return c, refuse("cron-never", "That day never comes.", "")
	}
	return c, nil
}

// set takes one part; false when it cannot be read.
func (c *calendar) set(name, value string) bool {
	items := strings.Split(value, ",")
	switch name {
	case "days", "weeks", "months":
		n, ok := number(value)
		c.n = n
		return ok && n >= 1 && n <= map[string]int{"days": 366, "weeks": 52, "months": 24}[name]
	case "from":
		t, err := time.Parse(time.DateOnly, value)
		c.from = t
		return err == nil && t.Year() >= 2000 && t.Year() < 2200
	case "on":
		return each(items, &c.on, func(s string) (time.Weekday, bool) {
			i := slices.Index(weekdays, s)
			return time.Weekday(i), i >= 0
		})
	case "nth":
		return each(items, &c.nth, fromLast(5))
	case "day":
		return each(items, &c.days, fromLast(31))
	case "dates":
		return each(items, &c.dates, func(s string) (string, bool) {
			_, err := time.Parse(time.DateOnly, "2000-"+s)
			return s, err == nil
		})
	case "at":
		return each(items, &c.at, func(s string) (int, bool) {
			t, err := time.Parse("15:04", s)
			return t.Hour()*60 + t.Minute(), err == nil
		})
	}
	return false
}

// fromLast reads a number from 1 on, or -1 for the last.
func fromLast(most int) func(string) (int, bool) {
	return func(s string) (int, bool) {
		if s == "-1" {
			return -1, true
		}
		n, ok := number(s)
		return n, ok && n >= 1 && n <= most
	}
}

func each[T any](items []string, into *[]T, read func(string) (T, bool)) bool {
	for _, item := range items {
		v, ok := read(item)
		if !ok || len(*into) >= 31 {
			return false
		}
		*into = append(*into, v)
	}
	return true
}

// write is the one spelling of the schedule.
func (c calendar) write() string {
	number := func(n int) string { return strconv.Itoa(n) }
	upwards := func(list []int) string {
		list = slices.Compact(slices.SortedFunc(slices.Values(list), func(a, b int) int { return (a+100)%100 - (b+100)%100 }))
		return commas(list, number)
	}
	on := slices.SortedFunc(slices.Values(c.on), func(a, b time.Weekday) int { return int(a+6)%7 - int(b+6)%7 })
	var out []string
	for name := range strings.FieldsSeq(c.rule) {
		value := ""
		switch name {
		case "days", "weeks", "months":
			value = number(c.n)
		case "from":
			value = c.from.Format(time.DateOnly)
		case "on":
			value = commas(slices.Compact(on), func(d time.Weekday) string { return weekdays[d] })
		case "nth":
			value = upwards(c.nth)
		case "day":
			value = upwards(c.days)
		case "dates":
			value = strings.Join(slices.Compact(slices.Sorted(slices.Values(c.dates))), ",")
		case "at":
			value = commas(slices.Compact(slices.Sorted(slices.Values(c.at))), func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) })
		}
		out = append(out, name+"="+value)
	}
	return calendarPrefix + strings.Join(out, " ")
}

func commas[T any](items []T, word func(T) string) string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = word(item)
	}
	return strings.Join(list, ",")
}

// nextWall is the next time after wall, on a clock without a zone; the zero time means never.
func (c calendar) nextWall(wall time.Time) time.Time {
	day := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	if day.Before(c.from) {
		day = c.from
	}
	for range mostAhead {
		if c.has(day) {
			for _, minute := range c.at {
				if at := day.Add(time.Duration(minute) * time.Minute); at.After(wall) {
					return at
				}
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// has says whether the rule has a day.
func (c calendar) has(day time.Time) bool {
	switch c.rule {
	case "days from at":
		return daysBetween(c.from, day)%c.n == 0
	case "weeks on from at":
		return slices.Contains(c.on, day.Weekday()) && daysBetween(monday(c.from), monday(day))/7%c.n == 0
	case "dates at":
		return slices.Contains(c.dates, day.Format("01-02"))
	}
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if months := 12*(day.Year()-c.from.Year()) + int(day.Month()-c.from.Month()); months%c.n != 0 {
		return false
	}
	if c.rule == "months day from at" {
		return slices.Contains(c.days, day.Day()) || day.Day() == last && slices.Contains(c.days, -1)
	}
	return slices.Contains(c.on, day.Weekday()) &&
		(slices.Contains(c.nth, (day.Day()+6)/7) || day.Day()+7 > last && slices.Contains(c.nth, -1))
}

func daysBetween(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }

// monday is the first day of the week of a day.
func monday(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// calendarOf reads the lines of other crons that ours would refuse: "L" for the last day or the last such weekday of a
// month, and "5#3" for the third Friday. It gives false for any other.
func calendarOf(spec string) (calendar, bool) {
	parts := strings.Fields(strings.ToLower(spec))
	if len(parts) != 5 || parts[3] != "*" {
		return calendar{}, false
	}
	minute, okMinute := number(parts[0])
	hour, okHour := number(parts[1])
	if !okMinute || !okHour || minute > 59 || hour > 23 {
		return calendar{}, false
	}
	rule := nthRule(parts[2], parts[4])
	if rule == "" {
		return calendar{}, false
	}
	c, err := parseCalendar(fmt.Sprintf("%smonths=1 %s from=2000-01-01 at=%02d:%02d", calendarPrefix, rule, hour, minute))
	return c, err == nil
}

// nthRule is what the fields for the day and the weekday of such a line mean, or "".
func nthRule(day, weekday string) string {
	free := func(field string) bool { return field == "*" || field == "?" }
	if day == "l" && free(weekday) {
		return "day=-1"
	}
	if !free(day) {
		return ""
	}
	if name, nth, numbered := strings.Cut(weekday, "#"); numbered {
		return "nth=" + nth + " on=" + named(name)
	}
	if name, last := strings.CutSuffix(weekday, "l"); last && name != "" {
		return "nth=-1 on=" + named(name)
	}
	return ""
}

// named is the name of a weekday that cron may write as a number.
func named(s string) string {
	if n, ok := number(s); ok && n <= 7 {
		return weekdays[n%7]
	}
	return s
}

// describe puts the schedule into words that can follow "it comes".
func (c calendar) describe() string {
	at := "at " + list(c.at, func(m int) string { return clock(m/60, m%60) })
	days := list(c.on, func(d time.Weekday) string { return d.String() + "s" })
	from := ""
	if c.from.Year() > 2000 {
		from = ", counted from " + c.from.Format("2 January 2006")
	}
	switch c.rule {
	case "days from at":
		return times(c.n, "day") + " " + at + from
	case "weeks on from at":
		if c.n == 1 {
			return onDays(ints(c.on), wholeYear()) + " " + at
		}
		if len(c.on) == 1 && c.n == 2 {
			return "every other " + c.on[0].String() + " " + at + from
		}
		return days + " " + "of " + times(c.n, "week") + " " + at + from
	case "dates at":
		return list(c.dates, func(s string) string {
			t, err := time.Parse(time.DateOnly, "2000-"+s)
			if err != nil {
				return s
			}
			return t.Format("January 2")
		}) + " of every year " + at
	}
	months := times(c.n, "month")
	if c.n > 1 {
		at += from
	}
	if c.rule == "months day from at" {
		return "the " + list(c.days, place) + " day of " + months + " " + at
	}
	return "the " + list(c.nth, place) + " " + list(c.on, time.Weekday.String) + " of " + months + " " + at
}

func ints(days []time.Weekday) []int {
	var out []int
	for _, d := range days {
		out = append(out, int(d))
	}
	return out
}

func wholeYear() []int { return bits(1<<13-2, 1, 12) }

// times is "every day", "every other day", "every 3 days".
func times(n int, unit string) string {
	switch n {
	case 1:
		return "every " + unit
	case 2:
		return "every other " + unit
	}
	return fmt.Sprintf("every %d %ss", n, unit)
}

// place is "1st", "2nd", "last".
func place(n int) string {
	switch {
	case n < 0:
		return "last"
	case n/10 == 1:
	case n%10 == 1:
		return strconv.Itoa(n) + "st"
	case n%10 == 2:
		return strconv.Itoa(n) + "nd"
	case n%10 == 3:
		return strconv.Itoa(n) + "rd"
	}
	return strconv.Itoa(n) + "th"
}

// cronWalls are the wall times that the fields of a cron line match.
type cronWalls struct{ fields *cron.SpecSchedule }

// nextWall is the next wall time that matches, on a clock without a zone. The
// library looks five years ahead, and February 29 can be eight years off.
func (s cronWalls) nextWall(wall time.Time) time.Time {
	for range 2 {
		if next := s.fields.Next(wall); !next.IsZero() {
			return next
		}
		wall = time.Date(wall.Year()+5, time.December, 31, 23, 59, 59, 0, time.UTC)
	}
	return time.Time{}
}
