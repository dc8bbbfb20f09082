package when

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Zones suggests zones while their name is being typed: those whose city,
// name or country begins with the words so far, or has them inside, in that
// order; at most n. No words give the zones of large parts of the world.
func Zones(typed string, n int) []string {
	words := plainZone(typed)
	if words == "" {
		common := []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
			"Europe/London", "Europe/Dublin", "Australia/Sydney", "Pacific/Auckland"}
		return common[:min(n, len(common))]
	}
	var first, then []string
	for name, place := range zones() {
		if strings.HasPrefix(place, "=") {
			continue
		}
		plain := plainZone(name)
		switch {
		case strings.HasPrefix(cityOf(plain), words), strings.HasPrefix(plain, words), strings.HasPrefix(plainZone(place), words):
			first = append(first, name)
		case strings.Contains(plain, words):
			then = append(then, name)
		}
	}
	all := append(first, then...)
	return all[:min(n, len(all))]
}

// Suggest gives the times that words typed so far could become, in zone (nil means UTC), at most eight; no words give
// those that are often meant. Words that no time begins with give none.
func Suggest(typed string, now time.Time, zone *time.Location) []time.Time {
	const most = 8
	typed = strings.ToLower(strings.TrimSpace(typed))
	t, err := Moment(typed, now, zone)
	if err == nil {
		return []time.Time{t}
	}
	var found []time.Time
	var unclear *Error
	if errors.As(err, &unclear) && typed != "" {
		for _, c := range unclear.Choices {
			found = append(found, c.At)
		}
	}
	for ahead := 0; ahead < 92 && len(found) < most; ahead++ {
		day := now.In(orUTC(zone)).AddDate(0, 0, ahead)
		if !begins(typed, day, ahead) {
			continue
		}
		for _, hour := range []int{9, 13, 17} {
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, orUTC(zone))
			if at.After(now) && len(found) < most && !slices.ContainsFunc(found, at.Equal) {
				found = append(found, at)
			}
		}
	}
	return found
}

// begins says whether words begin one of the names of a day; none begin those of
// tomorrow and the day after.
func begins(typed string, day time.Time, ahead int) bool {
	if typed == "" {
		return ahead == 1 || ahead == 2
	}
	names := []string{day.Format("Jan 2"), day.Format("January 2"), day.Format("2 january"), day.Format(time.DateOnly)}
	if ahead < 7 {
		names = append(names, day.Format("Monday"))
	}
	switch ahead {
	case 0:
		names = append(names, "today")
	case 1:
		names = append(names, "tomorrow")
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(strings.ToLower(name), typed) })
}
