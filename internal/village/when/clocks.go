package when

import "time"

type clockForm int

const (
	exact    clockForm = iota // on the 24-hour clock
	open                      // an hour from 1 to 12, morning or not
	midnight                  // with minutes after it, or before when negative
)

// clock is a time of day as it was written.
type clock struct {
	form   clockForm
	h, m   int
	edge   which // of midnight: thisOne starts the day, nextOne ends it
	padded bool  // HH:MM, so the 24-hour clock beside an ISO date
	part   part
	mark   *offsetMark
	words  string
}

// reading is one way to read a clock: a time of day, on the day itself or the one after.
type reading struct{ days, h, m int }

func (r reading) on(d wall) wall {
	return time.Date(d.Year(), d.Month(), d.Day()+r.days, r.h, r.m, 0, 0, time.UTC)
}

// readings gives every way to read the clock. Beside an ISO date, HH:MM is on the 24-hour clock.
func (c clock) readings(iso bool) ([]reading, *Error) {
	switch {
	case c.form == midnight:
		return c.aroundMidnight()
	case c.form == open && iso && c.padded:
		c.form = exact
	}
	if c.part != noPart {
		return c.inPart()
	}
	if c.form == exact {
		return []reading{{0, c.h, c.m}}, nil
	}
	if c.h == 12 {
		return []reading{{0, 12, c.m}, {0, 0, c.m}, {1, 0, c.m}}, nil
	}
	return []reading{{0, c.h, c.m}, {0, c.h + 12, c.m}}, nil
}

func (c clock) aroundMidnight() ([]reading, *Error) {
	switch {
	case c.part == morning || c.part == afternoon:
		return nil, c.notIn()
	case c.edge == thisOne:
		return []reading{{0, 0, 0}}, nil
	case c.edge == nextOne:
		return []reading{{1, 0, 0}}, nil
	case c.m < 0:
		return []reading{{0, 23, 60 + c.m}, {-1, 23, 60 + c.m}}, nil
	}
	return []reading{{0, 0, c.m}, {1, 0, c.m}}, nil
}

// inPart reads a clock with "in the morning" and the like beside it.
func (c clock) inPart() ([]reading, *Error) {
	var hours []int
	if c.form == exact {
		hours = []int{c.h}
	} else {
		hours = []int{c.h % 12, c.h%12 + 12}
	}
	var list []reading
	for _, h := range hours {
		switch c.part {
		case morning: // "12 in the morning" is asked about
			if h < 12 || h == 12 && c.form == open {
				list = append(list, reading{0, h, c.m})
			}
		case afternoon:
			if h >= 12 && h < 20 {
				list = append(list, reading{0, h, c.m})
			}
		case evening:
			if h >= 16 {
				list = append(list, reading{0, h, c.m})
			}
			if h == 0 && c.form == open {
				list = append(list, reading{0, h, c.m}, reading{1, h, c.m})
			}
		case night: // the night of a day runs into the next
			if h >= 16 {
				list = append(list, reading{0, h, c.m})
			}
			if h < 6 {
				list = append(list, reading{0, h, c.m}, reading{1, h, c.m})
			}
		}
	}
	if len(list) == 0 {
		return nil, c.notIn()
	}
	return list, nil
}

func (c clock) notIn() *Error {
	return errorf(Impossible, c.words, "%s is not%s. Please check the time.", quote(c.words), c.part.inWords())
}
