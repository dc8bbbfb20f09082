package village

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// QuietHours are the group's own, or the usual ones.
func (g Group) QuietHours() Quiet {
	if g.Quiet == nil {
		return Night()
	}
	return *g.Quiet
}

// Later gives t itself, or the end of the quiet hours that t lies in. When that
// end comes after limit, it cannot wait and stays where it is.
func (q Quiet) Later(t, limit time.Time, zone *time.Location) time.Time {
	if end := q.After(t, zone); !end.After(limit) {
		return end
	}
	return t
}

// String is "21:00-8:00", or "off".
func (q Quiet) String() string {
	if q.From == q.To {
		return "off"
	}
	return fmt.Sprintf("%d:%02d-%d:%02d", q.From/60, q.From%60, q.To/60, q.To%60)
}

var quietRule = regexp.MustCompile(`^([0-9]{1,2})(?::([0-9]{2}))?\s*(am|pm)?\s*(?:-|–|to|until|till)\s*([0-9]{1,2})(?::([0-9]{2}))?\s*(am|pm)?$`)

// ParseQuiet reads "21:00-8:00", "9pm to 8am" or "off". Its error is *Error.
func ParseQuiet(s string) (Quiet, error) {
	words := strings.ToLower(strings.TrimSpace(s))
	words = strings.TrimPrefix(words, "from ")
	if words == "off" || words == "none" {
		return Quiet{}, nil
	}
	wrong := refuse("quiet-wrong", "I could not read that as quiet hours.", "For example: 21:00-8:00, or off.")
	m := quietRule.FindStringSubmatch(words)
	if m == nil {
		return Quiet{}, wrong
	}
	from, ok1 := minuteOf(m[1], m[2], m[3])
	to, ok2 := minuteOf(m[4], m[5], m[6])
	if !ok1 || !ok2 || from == to {
		return Quiet{}, wrong
	}
	if length := (to - from + 24*60) % (24 * 60); length > 16*60 {
		return Quiet{}, refuse("quiet-long", "That leaves less than eight hours a day for everything I have to say.", "For example: 21:00-8:00.")
	}
	return Quiet{From: from, To: to}, nil
}

// minuteOf reads one wall-clock time; half is "am", "pm" or empty.
func minuteOf(hour, minute, half string) (int, bool) {
	h, err := strconv.Atoi(hour)
	if err != nil {
		return 0, false
	}
	m := 0
	if minute != "" {
		if m, err = strconv.Atoi(minute); err != nil {
			return 0, false
		}
	}
	if half != "" {
		if h < 1 || h > 12 {
			return 0, false
		}
		h %= 12
		if half == "pm" {
			h += 12
		}
	}
	return h*60 + m, h < 24 && m < 60
}
