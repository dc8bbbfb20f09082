package content

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Report is how well the finder did on questions whose answers are known.
type Report struct {
	Sections []Section // as they stand in the file, then one for all of it
	Misses   []Miss
	P50, P99 time.Duration // a Find, on this machine
}

// Section counts the questions under one heading. A question is right when the first topic (or refuse, none, crisis) is
// the expected one or an alternate.
type Section struct {
	Name                string
	Questions           int
	Topics, First, Top3 int // questions that a topic answers; those where it came first, and in the first three
	Sure, SureWrong     int // answered without hesitation; and wrongly so
	Refuse, Refused     int
	Wrongly             int // refused though a topic answers
	Crisis, Recalled    int
	Safe, FalseAlarms   int // questions that are no crisis (nor an alternate); those that were taken for one
	None, Admitted      int
}

// Miss is a question that went wrong, and how.
type Miss struct {
	Line     int
	Text     string
	Expected string
	Got      string
}

// Evaluate reads lines of text, expected id (or refuse, none, crisis) and alternates, with tabs between, and counts how the
// library answers them. Lines that begin with a hash are comments, and with two a heading. The error says which line cannot be read.
func Evaluate(l *Library, r io.Reader) (Report, error) {
	return evaluate(l, r, func(int) bool { return true })
}

// evaluate counts the questions, numbered from 0, that are wanted.
func evaluate(l *Library, r io.Reader, want func(n int) bool) (Report, error) {
	report := Report{}
	section := &Section{Name: "all"}
	all := section
	sections := []*Section{}
	var took []time.Duration
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for line, n := 1, 0; scan.Scan(); line++ {
		text := scan.Text()
		if name, ok := strings.CutPrefix(text, "## "); ok {
			section = &Section{Name: name}
			sections = append(sections, section)
			continue
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		if len(fields) < 2 {
			return Report{}, fmt.Errorf("line %d: a tab and the expected id are missing", line)
		}
		expected := []string{strings.TrimSpace(fields[1])}
		if len(fields) > 2 {
			expected = append(expected, strings.FieldsFunc(fields[2], func(r rune) bool { return r == ',' || r == ' ' })...)
		}
		for _, id := range expected {
			if _, ok := l.Topic(id); !ok && !slices.Contains([]string{"refuse", "none", "crisis"}, id) && !l.planned[id] {
				return Report{}, fmt.Errorf("line %d: there is no topic %q", line, id)
			}
		}
		n++
		if !want(n - 1) {
			continue
		}
		start := time.Now()
		f := l.Find(fields[0])
		took = append(took, time.Since(start))
		got, right := judge(f, expected)
		all.count(f, expected, right)
		if section != all {
			section.count(f, expected, right)
		}
		if !right {
			report.Misses = append(report.Misses, Miss{line, fields[0], strings.Join(expected, ","), got})
		}
	}
	if err := scan.Err(); err != nil {
		return Report{}, err
	}
	for _, s := range append(sections, all) {
		report.Sections = append(report.Sections, *s)
	}
	if slices.Sort(took); len(took) > 0 {
		report.P50, report.P99 = took[len(took)/2], took[len(took)*99/100]
	}
	return report, nil
}

// judge says what was found, in one line, and whether it is right.
func judge(f Finding, expected []string) (got string, right bool) {
	switch f.Kind {
	case KindCrisis:
		return "crisis", slices.Contains(expected, "crisis")
	case KindRefuse:
		return "refuse (" + f.Refusal.ID + ")", slices.Contains(expected, "refuse")
	}
	got = string(f.Kind)
	if f.None {
		got = "none"
	}
	for _, t := range f.Topics[:min(3, len(f.Topics))] {
		got += fmt.Sprintf(" %s %.2f", t.ID, t.Score)
	}
	if f.None && slices.Contains(expected, "none") || f.Kind == KindUnsure && slices.Contains(expected, "none") && len(expected) == 1 {
		return got, true
	}
	return got, len(f.Topics) > 0 && slices.Contains(expected, f.Topics[0].ID)
}

func (s *Section) count(f Finding, expected []string, right bool) {
	s.Questions++
	topicShown := f.Kind == KindAnswer || f.Kind == KindUnsure
	if f.Kind == KindAnswer {
		s.Sure++
		if !right {
			s.SureWrong++
		}
	}
	if !slices.Contains(expected, "crisis") {
		s.Safe++
		if f.Kind == KindCrisis {
			s.FalseAlarms++
		}
	}
	switch expected[0] {
	case "crisis":
		s.Crisis++
		if f.Kind == KindCrisis {
			s.Recalled++
		}
	case "refuse":
		s.Refuse++
		if right {
			s.Refused++
		}
	case "none":
		s.None++
		if right {
			s.Admitted++
		}
	default:
		s.Topics++
		if f.Kind == KindRefuse && !right {
			s.Wrongly++
		}
		if right {
			s.First++
			s.Top3++
		} else if topicShown && slices.ContainsFunc(f.Topics[:min(3, len(f.Topics))], func(t Scored) bool { return slices.Contains(expected, t.ID) }) {
			s.Top3++
		}
	}
}

// Print writes the misses and the table.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, m := range r.Misses {
		fmt.Fprintf(&b, "line %d: %q\n\twanted %s\n\tgot %s\n", m.Line, m.Text, m.Expected, m.Got)
	}
	if len(r.Misses) > 0 {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%-16s %5s %13s %13s %11s %13s %13s %13s %13s\n", "section", "n", "first right", "in first 3", "sure,wrong", "refused", "crisis found", "false alarms", "none admitted")
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "%-16s %5d %13s %13s %11s %13s %13s %13s %13s\n", s.Name, s.Questions, share(s.First, s.Topics), share(s.Top3, s.Topics),
			fmt.Sprintf("%d,%d", s.Sure, s.SureWrong), share(s.Refused, s.Refuse), share(s.Recalled, s.Crisis), share(s.FalseAlarms, s.Safe), share(s.Admitted, s.None))
	}
	fmt.Fprintf(&b, "a question took %v (median), %v (99 of 100)\n", r.P50.Round(time.Microsecond), r.P99.Round(time.Microsecond))
	_, err := io.WriteString(w, b.String())
	return err
}

func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d %.0f%%", part, whole, 100*float64(part)/float64(whole))
}
