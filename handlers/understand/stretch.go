package understand

import (
	"slices"
	"strconv"
	"strings"
)

// stretch splits words for a time at the end that they name: "thursday from 12 to 6" is
// "thursday noon", until "6pm". Words without an end stay as they are.
func stretch(words string) (start, until string) {
	fields := strings.Fields(words)
	for i, f := range fields {
		if from, to, dashed := strings.Cut(f, "-"); dashed && clockOf(from).known && clockOf(to).known {
			fields = slices.Concat(fields[:i], []string{from, "to", to}, fields[i+1:])
			break
		}
	}
	at := slices.IndexFunc(fields, func(f string) bool { return among(strings.ToLower(f), "to", "until", "till", "-") })
	if at < 1 || at+1 >= len(fields) {
		return words, ""
	}
	first, last := at-1, at+2
	if isClockEnd(strings.ToLower(fields[first])) && first > 0 {
		first--
	}
	if last < len(fields) && isClockEnd(strings.ToLower(fields[last])) {
		last++
	}
	begins, ends := clockOf(strings.Join(fields[first:at], "")), clockOf(strings.Join(fields[at+1:last], ""))
	if !begins.known || !ends.known {
		return words, ""
	}
	begins, ends = begins.before(ends)
	head := fields[:first]
	if len(head) > 0 && among(strings.ToLower(head[len(head)-1]), "from", "between") {
		head = head[:len(head)-1]
	}
	return strings.Join(slices.Concat(head, []string{begins.say()}, fields[last:]), " "), ends.say()
}

// clock is an hour as it was written, with its half of the day or without.
type clock struct {
	known        bool
	hour         int
	minutes, end string
}

func clockOf(word string) clock {
	word = strings.ToLower(strings.Trim(word, ",.;"))
	if word == "noon" || word == "midday" {
		return clock{known: true, hour: 12, end: "pm"}
	}
	c := clock{}
	for _, end := range []string{"am", "pm"} {
		if rest, cut := strings.CutSuffix(word, end); cut {
			word, c.end = rest, end
		}
	}
	hour, minutes, colon := strings.Cut(word, ":")
	var err error
	if c.hour, err = strconv.Atoi(hour); err != nil || c.hour < 1 || c.hour > 12 || colon && (len(minutes) != 2 || !isFigures(minutes)) {
		return clock{}
	}
	if colon {
		c.minutes = ":" + minutes
	}
	c.known = true
	return c
}

// before gives two hours of one stretch the half of the day that one of them names, or
// that noon does; what neither names stays open.
func (c clock) before(to clock) (from, until clock) {
	later := c.hour%12 < to.hour%12
	switch {
	case c.end == "" && to.end == "pm" && later:
		c.end = "pm"
	case c.end == "" && to.end == "pm":
		c.end = "am"
	case c.end == "" && to.end == "" && c.hour == 12 && to.hour != 12:
		c.end, to.end = "pm", "pm"
	case c.end == "pm" && to.end == "" && later, c.end == "am" && to.end == "" && !later:
		to.end = "pm"
	}
	return c, to
}

func (c clock) say() string {
	if c.hour == 12 && c.end == "pm" && c.minutes == "" {
		return "noon"
	}
	return strconv.Itoa(c.hour) + c.minutes + c.end
}
