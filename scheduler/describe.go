package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// mostListed is how many times of the day, or days, are listed in words.
const mostListed = 6

// Describe puts a common schedule into plain words that can follow "it comes":
// "every day at 9:00 am", "Mondays and Thursdays at 6:30 pm", "every 2 hours". What
// has no short words, or is wrong, comes back as it is.
func Describe(spec string) string {
	line, err := checkSpec(spec)
	if err != nil {
		return spec
	}
	if length, ok := strings.CutPrefix(line, "@every "); ok {
		every, err := parseEvery(length)
		if err != nil {
			return spec
		}
		return "every " + spell(every)
	}
	if strings.HasPrefix(line, calendarPrefix) {
		c, err := parseCalendar(line)
		if err != nil {
			return spec
		}
		return c.describe()
	}
	fields, err := parseFields(line)
	if err != nil {
		return spec
	}
	days, times := describeDays(fields), describeTimes(fields)
	switch {
	case days == "" || times == "":
		return spec
	case strings.HasSuffix(days, ","):
		return days + " " + times
	case strings.HasPrefix(times, "at "):
		return days + " " + times
	case days == "every day":
		return times
	}
	return days + ", " + times
}

// describeDays says on which days a schedule fires, or "" when that is long.
func describeDays(s *cron.SpecSchedule) string {
	const star = 1 << 63
	dates, days, months := bits(s.Dom, 1, 31), bits(s.Dow, 0, 6), bits(s.Month, 1, 12)
	allDates, allDays, allMonths := len(dates) == 31, len(days) == 7, len(months) == 12
	// Without a star, cron fires on the dates and on the weekdays as well.
	either := s.Dom&star == 0 && s.Dow&star == 0
	if either && (allDates || allDays) {
		allDates, allDays = true, true
	}
	if tooLong(dates, allDates) || tooLong(months, allMonths) {
		return ""
	}
	switch {
	case allDates && allDays && allMonths:
		return "every day"
	case allDates && allDays:
		return "every day in " + monthNames(months)
	case allDates:
		return onDays(days, months)
	case allDays:
		return onDates(dates, months)
	case either:
		return strings.TrimSuffix(onDates(dates, months), ",") + " and also " + onDays(days, months)
	}
	return ""
}

// tooLong says whether a list is too long for words, unless it is all there is.
func tooLong(numbers []int, all bool) bool { return !all && len(numbers) > mostListed }

func monthNames(months []int) string {
	return list(months, func(m int) string { return time.Month(m).String() })
}

// onDates says on which days of which months.
func onDates(dates, months []int) string {
	every, short := len(months) == 12, dates[len(dates)-1] > 28 // not every month has it
	words, in := "day", "every month"
	if !every {
		in = monthNames(months)
	}
	if len(dates) > 1 {
		words = "days"
	}
	switch {
	case every && short && len(dates) > 1:
		in = "every month that has them,"
	case every && short:
		in = "every month that has one,"
	case len(months) == 1 && len(dates) == 1:
		return fmt.Sprintf("every %s %d", in, dates[0])
	}
	return words + " " + list(dates, strconv.Itoa) + " of " + in
}

// onDays says on which weekdays of which months.
func onDays(days, months []int) string {
	slices.SortFunc(days, func(a, b int) int { return (a+6)%7 - (b+6)%7 }) // Sunday comes last, as in "the weekend"
	words := list(days, func(d int) string { return time.Weekday(d).String() + "s" })
	if words == "Mondays, Tuesdays, Wednesdays, Thursdays and Fridays" {
		words = "Monday to Friday"
	}
	if len(months) < 12 {
		words += " in " + monthNames(months)
	}
	return words
}

// describeTimes says when in the day a schedule fires, or "" when that is long.
func describeTimes(s *cron.SpecSchedule) string {
	minutes, hours := bits(s.Minute, 0, 59), bits(s.Hour, 0, 23)
	from := clock(hours[0], minutes[0])
	to := clock(hours[len(hours)-1], minutes[len(minutes)-1])
	hourStep, minuteStep := step(hours), step(minutes)
	first := ""
	if hours[0] != 0 || minutes[0] != 0 {
		first = ", first at " + from
	}
	hourly := len(minutes) == 1 && hourStep > 0
	everyHours := "every " + spell(time.Duration(hourStep)*time.Hour)
	switch {
	case hourly && hourStep*len(hours) == 24 && len(hours) > 2:
		return everyHours + first
	case len(minutes)*len(hours) <= mostListed:
		return "at " + clocks(hours, minutes)
	case hourly:
		return everyHours + " from " + from + " to " + to
	case hourStep != 1 || minuteStep == 0 || minuteStep*len(minutes) != 60:
		return ""
	case len(hours) < 24:
		first = " from " + from + " to " + to
	}
	return "every " + spell(time.Duration(minuteStep)*time.Minute) + first
}

// clocks is every hour with every minute.
func clocks(hours, minutes []int) string {
	var times []string
	for _, h := range hours {
		for _, m := range minutes {
			times = append(times, clock(h, m))
		}
	}
	return list(times, func(t string) string { return t })
}

// step is how far apart the numbers are when that is always the same, or 0.
func step(numbers []int) int {
	if len(numbers) < 2 {
		return 0
	}
	step := numbers[1] - numbers[0]
	for i := 2; i < len(numbers); i++ {
		if numbers[i]-numbers[i-1] != step {
			return 0
		}
	}
	return step
}

// clock is a time of the day as everything else here says it.
func clock(hour, minute int) string {
	switch {
	case hour == 0 && minute == 0:
		return "midnight"
	case hour == 12 && minute == 0:
		return "noon"
	}
	return time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("3:04 pm")
}

// list joins words as people do: "a", "a and b", "a, b and c".
func list[T any](items []T, word func(T) string) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = word(item)
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// spell is a length of time in words: "hour", "2 hours", "90 minutes".
func spell(d time.Duration) string {
	switch {
	case d == time.Hour:
		return "hour"
	case d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return d.String()
}
