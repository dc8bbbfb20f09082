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
	dates, days, in := bits(s.Dom, 1, 31), bits(s.Dow, 0, 6), bits(s.Month, 1, 12)
	allDates, allDays, allMonths := len(dates) == 31, len(days) == 7, len(in) == 12
	// Without a star, cron fires on the dates and on the weekdays as well.
	either := s.Dom&star == 0 && s.Dow&star == 0
	if either && (allDates || allDays) {
		allDates, allDays = true, true
	}
	if len(dates) > mostListed && !allDates || len(in) > mostListed && !allMonths {
		return ""
	}
	ofMonths := "every month"
	if !allMonths {
		ofMonths = list(in, func(m int) string { return time.Month(m).String() })
	}
	if allMonths && len(dates) > 0 && dates[len(dates)-1] > 28 {
		ofMonths = "every month that has one,"
	}
	onDates := "day " + list(dates, strconv.Itoa) + " of " + ofMonths
	switch {
	case len(dates) > 1 && allMonths && dates[len(dates)-1] > 28:
		onDates = "days " + list(dates, strconv.Itoa) + " of every month that has them,"
	case len(dates) > 1:
		onDates = "days " + list(dates, strconv.Itoa) + " of " + ofMonths
	case len(in) == 1 && len(dates) == 1:
		onDates = fmt.Sprintf("every %s %d", ofMonths, dates[0])
	}
	slices.SortFunc(days, func(a, b int) int { return (a+6)%7 - (b+6)%7 }) // Sunday comes last, as in "the weekend"
	onDays := list(days, func(d int) string { return time.Weekday(d).String() + "s" })
	if onDays == "Mondays, Tuesdays, Wednesdays, Thursdays and Fridays" {
		onDays = "Monday to Friday"
	}
	if !allMonths {
		onDays += " in " + ofMonths
	}
	switch {
	case allDates && allDays && allMonths:
		return "every day"
	case allDates && allDays:
		return "every day in " + ofMonths
	case allDates:
		return onDays
	case allDays:
		return onDates
	case either:
		return strings.TrimSuffix(onDates, ",") + " and also " + onDays
	}
	return ""
}

// describeTimes says when in the day a schedule fires, or "" when that is long.
func describeTimes(s *cron.SpecSchedule) string {
	minutes, hours := bits(s.Minute, 0, 59), bits(s.Hour, 0, 23)
	from := clock(hours[0], minutes[0])
	to := clock(hours[len(hours)-1], minutes[len(minutes)-1])
	hourStep, minuteStep := step(hours), step(minutes)
	switch {
	case len(minutes) == 1 && hourStep > 0 && hourStep*len(hours) == 24 && len(hours) > 2:
		words := "every " + spell(time.Duration(hourStep)*time.Hour)
		if hours[0] != 0 || minutes[0] != 0 {
			words += ", first at " + from
		}
		return words
	case len(minutes)*len(hours) <= mostListed:
		var times []string
		for _, h := range hours {
			for _, m := range minutes {
				times = append(times, clock(h, m))
			}
		}
		return "at " + list(times, func(t string) string { return t })
	case len(minutes) == 1 && hourStep > 0:
		return fmt.Sprintf("every %s from %s to %s", spell(time.Duration(hourStep)*time.Hour), from, to)
	case hourStep == 1 && minuteStep > 0 && minuteStep*len(minutes) == 60:
		words := "every " + spell(time.Duration(minuteStep)*time.Minute)
		if len(hours) < 24 {
			words += " from " + from + " to " + to
		} else if hours[0] != 0 || minutes[0] != 0 {
			words += ", first at " + from
		}
		return words
	}
	return ""
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
