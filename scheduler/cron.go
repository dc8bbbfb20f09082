package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones work the same on every machine

	"github.com/robfig/cron/v3"
)

const (
	// leastGap is how far apart two firings of a schedule must be: a bot that
	// posts more often is a nuisance, whoever set it.
	leastGap = 5 * time.Minute
	// mostEvery bounds "@every", so that a slip of the finger does not make a
	// reminder that nobody lives to see.
	mostEvery = 366 * 24 * time.Hour
	// maxSpec is the length of a cron line in bytes.
	maxSpec = 100
	// maxCalendar is that of a line of our own, which may list many hours.
	maxCalendar = 300
)

// Schedule says when the next firing is, strictly after t, in the schedule's
// own zone; the zero time means never.
type Schedule interface {
	Next(t time.Time) time.Time
}

// ParseSchedule reads a cron line of five fields (minute, hour, day of the
// month, month, weekday), one of @hourly, @daily, @midnight, @weekly, @monthly,
// @yearly and @annually, "@every" with a length of time from five minutes to
// a year, or "@calendar/1" with what cron cannot say (see calendar). As in every cron, when both the day and the weekday are given, either
// is enough.
//
// A wall-clock time of the zone comes exactly once on each day that exists
// there. On the day the clocks go forward, a time that the clocks leap over
// comes at the first instant after the leap (2:30 comes at 3:00, once). On the
// day they go back, a time that is there twice comes the first time only. So
// times that follow each other closely may fall together in the one case, and
// pause in the other. "@every" counts real time and knows no wall clock.
//
// Every mistake is a [*SpecError]; a missing zone is a plain error.
func ParseSchedule(spec string, zone *time.Location) (Schedule, error) {
	if zone == nil {
		return nil, fmt.Errorf("a schedule needs a time zone")
	}
	line, err := checkSpec(spec)
	if err != nil {
		return nil, err
	}
	if length, ok := strings.CutPrefix(line, "@every "); ok {
		every, err := parseEvery(length)
		if err != nil {
			return nil, err
		}
		return everySchedule{every: every, zone: zone}, nil
	}
	if strings.HasPrefix(line, calendarPrefix) {
		c, err := parseCalendar(line)
		if err != nil {
			return nil, err
		}
		return wallSchedule{c, zone}, nil
	}
	fields, err := parseFields(line)
	if err != nil {
		return nil, err
	}
	s := wallSchedule{cronWalls{fields}, zone}
	if tooOften(fields) {
		return nil, refuse("cron-too-often", "That would come more often than every five minutes.",
			`For every quarter of an hour write "*/15 * * * *"; for every two hours write "0 */2 * * *".`)
	}
	if s.nextWall(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, refuse("cron-never", "That day never comes: no such month has that many days.",
			`For the last days of a month pick 28 or less: "0 9 28 * *" means 9:00 am on day 28 of every month.`)
	}
	return s, nil
}

// aimWithin is by how much a zone's change of rules moves a time of day at most.
const aimWithin = 3 * time.Hour

// Aim is when something is due that was put for due by an earlier reading of
// the schedule. It is due itself, unless the zone has changed its rules in the
// meantime and the time of day that was meant is yet to come; when it has
// passed, due is as good as any. It is for schedules by the wall clock, not for
// intervals.
func Aim(s Schedule, due time.Time) time.Time {
	next := s.Next(due.Add(-time.Millisecond))
	if next.IsZero() || next.Sub(due) > aimWithin {
		return due
	}
	return next
}

// Preview lists the next n firings strictly after from; fewer when there are
// no more.
func Preview(s Schedule, from time.Time, n int) []time.Time {
	var firings []time.Time
	for range n {
		from = s.Next(from)
		if from.IsZero() {
			break
		}
		firings = append(firings, from)
	}
	return firings
}

// SpecError says to a person what is wrong with their cron line.
type SpecError struct {
	// Code is a stable word for programs, beginning with "cron-".
	Code string
	// Say is one sentence about what is wrong, Hint shows a line that is right.
	// Both are plain text.
	Say, Hint string
}

// Error names the mistake without the person's words.
func (e *SpecError) Error() string { return "a cron line was refused: " + e.Code }

// Person makes SpecError one of the errors that can be said to people.
func (e *SpecError) Person() (code, say, hint string) { return e.Code, e.Say, e.Hint }

const (
	dailyHint = `For example, "0 9 * * *" means every day at 9:00 am.`
	everyHint = `For example, "@every 6h" means every 6 hours, and "0 9 * * *" means every day at 9:00 am.`
)

// refuse makes a SpecError; an empty hint shows the line that most people want.
func refuse(code, say, hint string) *SpecError {
	if hint == "" {
		hint = dailyHint
	}
	return &SpecError{Code: code, Say: say, Hint: hint}
}

// field is one of the five parts of a cron line.
type field struct {
	name     string
	min, max int
	// words may stand for the numbers from min on.
	words []string
}

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// cronFields are the parts of a cron line in their order.
func cronFields() []field {
	return []field{
		{name: "minute", min: 0, max: 59},
		{name: "hour", min: 0, max: 23},
		{name: "day", min: 1, max: 31},
		{name: "month", min: 1, max: 12, words: months},
		{name: "weekday", min: 0, max: 6, words: weekdays},
	}
}

// checkSpec answers everything that people get wrong with a sentence of its
// own, and gives back the line in the one way of writing that the parser gets
// to see: small letters, single spaces, Sunday as 0. The parser panics on some
// lines and reads others in ways that nobody means, so it sees no others.
func checkSpec(spec string) (string, error) {
	if c, ok := calendarOf(spec); ok {
		return c.write(), nil
	}
	if len(spec) > maxSpec && !(strings.HasPrefix(spec, calendarPrefix) && len(spec) <= maxCalendar) {
		return "", refuse("cron-too-long", fmt.Sprintf("That line is too long: it can have up to %d letters and signs.", maxSpec), "")
	}
	parts := strings.Fields(strings.ToLower(spec))
	line := strings.Join(parts, " ")
	switch {
	case line == "":
		return "", refuse("cron-empty", "The cron line is empty.", "")
	case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }):
		return "", refuse("cron-signs", "That line has a sign in it that cron does not know.",
			"Use the plain signs of a keyboard. "+dailyHint)
	case strings.Contains(line, "tz="):
		return "", refuse("cron-zone", "The time zone does not go into the cron line: it comes from the settings.",
			"Leave out the part with TZ. "+dailyHint)
	case strings.HasPrefix(line, "@"):
		return line, checkName(line)
	}
	return checkFields(parts)
}

// checkFields is checkSpec for the fields of a line.
func checkFields(parts []string) (string, error) {
	switch {
	case len(parts) == 6 && parts[0] == "0":
		return checkSpec(strings.Join(parts[1:], " ")) // no seconds were meant
	case len(parts) == 6:
		return "", refuse("cron-six", "That line has six parts, but cron lines here have five: there are no seconds.",
			"Leave out the seconds at the front. "+dailyHint)
	case len(parts) != 5:
		return "", refuse("cron-parts", fmt.Sprintf("A cron line has five parts (minute, hour, day, month, weekday), and that one has %d.", len(parts)), "")
	}
	for i, f := range cronFields() {
		part, err := f.check(parts[i])
		if err != nil {
			return "", err
		}
		parts[i] = part
	}
	return strings.Join(parts, " "), nil
}

// checkName refuses what begins with @ and is none of the names.
func checkName(line string) error {
	switch {
	case line == "@reboot":
		return refuse("cron-reboot", "A reminder cannot wait for the bot to start: it needs a time.", "")
	case strings.HasPrefix(line, "@every "), strings.HasPrefix(line, calendarPrefix),
		slices.Contains([]string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}, line):
		return nil
	}
	return refuse("cron-name", "That is not a name I know: they are @hourly, @daily, @weekly, @monthly, @yearly and @every.", everyHint)
}

// check reads a part such as "*", "*/2", "1-5", "mon,thu" and gives back what
// the parser is to see.
func (f field) check(part string) (string, error) {
	if part == "?" && (f.name == "day" || f.name == "weekday") {
		part = "*"
	}
	items := strings.Split(part, ",")
	for i, item := range items {
		span, step, stepped := strings.Cut(item, "/")
		if stepped {
			if err := f.checkStep(step); err != nil {
				return "", err
			}
		}
		if span == "*" {
			continue
		}
		if day, err := f.value(item); err == nil && f.name == "weekday" && day == 7 {
			items[i] = "0"
			continue
		}
		if err := f.checkSpan(span); err != nil {
			return "", err
		}
		whole, err := f.toSunday(item, span, stepped)
		if err != nil {
			return "", err
		}
		items[i] = whole
	}
	return strings.Join(items, ","), nil
}

// toSunday writes a range of weekdays that runs up to a Sunday as one that the
// parser takes: its Sunday comes first.
func (f field) toSunday(item, span string, stepped bool) (string, error) {
	first, last, ranged := strings.Cut(span, "-")
	from, _ := f.value(first)
	to, _ := f.value(last)
	switch {
	case f.name != "weekday" || !ranged || to%7 != 0 || from == 0:
		return item, nil
	case stepped:
		return "", refuse("cron-range", "The week begins with Sunday here, so no steps can run up to a Sunday.",
			`List the days instead: "0 9 * * fri,sun" means Fridays and Sundays at 9:00 am.`)
	}
	return fmt.Sprintf("%d-6,0", from), nil
}

// checkSpan reads "5", "thu", "1-5" or "mon-fri".
func (f field) checkSpan(span string) error {
	first, last, ranged := strings.Cut(span, "-")
	from, err := f.value(first)
	if err != nil {
		return err
	}
	to := from
	if ranged {
		if to, err = f.value(last); err != nil {
			return err
		}
	}
	if f.name == "weekday" && ranged && to%7 == 0 && from > 0 && from < 7 {
		return nil // up to a Sunday; check writes it as two
	}
	if f.name == "weekday" && max(from, to) > f.max {
		return refuse("cron-range", "The week begins with Sunday here, so nothing can run up to a Sunday as day 7.",
			`List the days instead: "0 9 * * fri,sat,sun" means Fridays, Saturdays and Sundays at 9:00 am.`)
	}
	if from > to {
		return refuse("cron-range", fmt.Sprintf("A range goes from the smaller to the larger, and the one for the %s does not.", f.name), f.rangeHint())
	}
	return nil
}

// value reads one number or name of the field.
func (f field) value(s string) (int, error) {
	if i := slices.Index(f.words, s); i >= 0 {
		return f.min + i, nil
	}
	n, ok := number(s)
	if !ok {
		return 0, refuse("cron-part", fmt.Sprintf("The part for the %s cannot be understood.", f.name), f.partHint())
	}
	most := f.max
	if f.name == "weekday" {
		most = 7 // many crons take 7 for Sunday as well
	}
	if n < f.min || n > most {
		return 0, refuse("cron-part", fmt.Sprintf("The %s goes from %d to %d.", f.name, f.min, f.max), f.partHint())
	}
	return n, nil
}

func (f field) checkStep(s string) error {
	n, ok := number(s)
	if !ok || n < 1 {
		return refuse("cron-step", fmt.Sprintf("Behind the / for the %s stands how many to go on each time, a number from 1 to %d.", f.name, f.max-f.min),
			`For example, "0 */2 * * *" means every 2 hours.`)
	}
	if n > f.max-f.min {
		return refuse("cron-step", fmt.Sprintf("The %s begins anew before it could go on by %d.", f.name, n),
			`For a longer pause use @every: "@every 90m" means every 90 minutes.`)
	}
	return nil
}

// number reads one to four digits.
func number(s string) (int, bool) {
	if s == "" || len(s) > 4 || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func (f field) partHint() string {
	switch f.name {
	case "weekday":
		return `Days are sun, mon, tue, wed, thu, fri and sat: "0 9 * * mon,thu" means Mondays and Thursdays at 9:00 am.`
	case "month":
		return `Months are 1 to 12 or jan to dec: "0 9 1 jun *" means 9:00 am on June 1.`
	case "day":
		return `For example, "0 9 15 * *" means 9:00 am on day 15 of every month.`
	}
	return ""
}

func (f field) rangeHint() string {
	switch f.name {
	case "weekday":
		return `The week begins with sun: "0 9 * * fri,sat,sun" means Fridays, Saturdays and Sundays at 9:00 am.`
	case "hour":
		return `Over midnight, write two ranges: "0 22-23,0-6 * * *".`
	}
	return `For example, "0 9 * * mon-fri" means Monday to Friday at 9:00 am.`
}

// parseEvery reads the length of time behind "@every".
func parseEvery(s string) (time.Duration, error) {
	every, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, refuse("cron-every", "Behind @every stands a length of time in hours (h) and minutes (m).", everyHint+` A day is "@every 24h".`)
	case every < leastGap:
		return 0, refuse("cron-too-often", "Five minutes apart is the closest I can do.", `For example: every 2 hours, or every day at 9am. In a cron line, "@every 6h" means every 6 hours.`)
	case every > mostEvery:
		return 0, refuse("cron-every", "The most that @every takes is a year.", everyHint)
	}
	return every, nil
}

// parseFields has the library read a line that checkSpec has passed. A fault
// in it is a refused line and not the end of the program.
func parseFields(line string) (fields *cron.SpecSchedule, err error) {
	defer func() {
		if recover() != nil {
			fields, err = nil, refuse("cron-part", "That line cannot be understood.", "")
		}
	}()
	parsed, err := cron.ParseStandard(line)
	if err != nil {
		return nil, refuse("cron-part", "That line cannot be understood.", "")
	}
	fields, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, refuse("cron-part", "That line cannot be understood.", "")
	}
	// Evaluated on a clock without a zone; wallSchedule maps it to one.
	fields.Location = time.UTC
	return fields, nil
}

// tooOften looks for two firings closer than leastGap within an hour or from
// one hour to the next. Midnight counts as if the next day were there too.
func tooOften(s *cron.SpecSchedule) bool {
	least := int(leastGap / time.Minute)
	minutes := bits(s.Minute, 0, 59)
	for i := 1; i < len(minutes); i++ {
		if minutes[i]-minutes[i-1] < least {
			return true
		}
	}
	if 60-minutes[len(minutes)-1]+minutes[0] >= least {
		return false
	}
	hours := bits(s.Hour, 0, 23)
	return slices.ContainsFunc(hours, func(h int) bool { return slices.Contains(hours, (h+1)%24) })
}

// bits lists the numbers that a field of the library's schedule holds.
func bits(set uint64, from, to int) []int {
	var numbers []int
	for n := from; n <= to; n++ {
		if set&(1<<n) != 0 {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
