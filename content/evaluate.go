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
	Crisis, Recalled    int // words of danger; those that had the lines, before or beside the answer
	Ruled               int // words of danger that had them before anything else
	Safe, FalseAlarms   int // questions that are no crisis (nor an alternate); those that were taken for one
	Beside              int // questions that are no crisis and had the lines beside their answer
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
	questions, names, err := readQuestions(l, r)
	if err != nil {
		return Report{}, err
	}
	var report Report
	for _, name := range append(names, "all") {
		report.Sections = append(report.Sections, Section{Name: name})
	}
	all := &report.Sections[len(names)]
	var took []time.Duration
	for n, q := range questions {
		if !want(n) {
			continue
		}
		start := time.Now()
		f := l.Find(q.text)
		took = append(took, time.Since(start))
		got, right := judge(f, q.expected)
		all.count(f, q.expected, right)
		if q.section >= 0 {
			report.Sections[q.section].count(f, q.expected, right)
		}
		if !right {
			report.Misses = append(report.Misses, Miss{q.line, q.text, strings.Join(q.expected, ","), got})
		}
	}
	if slices.Sort(took); len(took) > 0 {
		report.P50, report.P99 = took[len(took)/2], took[len(took)*99/100]
	}
	return report, nil
}

// question is one whose answers are known.
type question struct {
	line, section int // the section's number; -1 is none
	text          string
	expected      []string
}

// readQuestions reads the questions and the names of their sections.
func readQuestions(l *Library, r io.Reader) (list []question, sections []string, err error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for line := 1; scan.Scan(); line++ {
		text := scan.Text()
		if name, ok := strings.CutPrefix(text, "## "); ok {
			sections = append(sections, name)
			continue
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, "\t")
		if len(fields) < 2 {
			return nil, nil, fmt.Errorf("line %d: a tab and the expected id are missing", line)
		}
		expected := []string{strings.TrimSpace(fields[1])}
		if len(fields) > 2 {
			expected = append(expected, strings.FieldsFunc(fields[2], func(r rune) bool { return r == ',' || r == ' ' })...)
		}
		for _, id := range expected {
			if !l.answers(id) {
				return nil, nil, fmt.Errorf("line %d: there is no topic %q", line, id)
			}
		}
		list = append(list, question{line, len(sections) - 1, fields[0], expected})
	}
	return list, sections, scan.Err()
}

// answers says whether an id is something that a question can be answered with.
func (l *Library) answers(id string) bool {
	_, ok := l.byID[id]
	return ok || l.planned[id] || slices.Contains([]string{"refuse", "none", "crisis"}, id)
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
	if f.WithLines {
		got += " with the lines"
	}
	for _, t := range f.Topics[:min(3, len(f.Topics))] {
		got += fmt.Sprintf(" %s %.2f", t.ID, t.Score)
	}
	if f.WithLines && expected[0] == "crisis" {
		return got, true
	}
	if f.None && slices.Contains(expected, "none") || f.Kind == KindUnsure && slices.Contains(expected, "none") && len(expected) == 1 {
		return got, true
	}
	return got, len(f.Topics) > 0 && slices.Contains(expected, f.Topics[0].ID)
}

func (s *Section) count(f Finding, expected []string, right bool) {
	crisis := f.Kind == KindCrisis
	tally(&s.Questions, true)
	tally(&s.Sure, f.Kind == KindAnswer)
	tally(&s.SureWrong, f.Kind == KindAnswer && !right)
	safe := !slices.Contains(expected, "crisis")
	tally(&s.Safe, safe)
	tally(&s.FalseAlarms, safe && crisis)
	tally(&s.Beside, safe && f.WithLines)
	switch expected[0] {
	case "crisis":
		tally(&s.Crisis, true)
		tally(&s.Recalled, crisis || f.WithLines)
		tally(&s.Ruled, crisis)
	case "refuse":
		tally(&s.Refuse, true)
		tally(&s.Refused, right)
	case "none":
		tally(&s.None, true)
		tally(&s.Admitted, right)
	default:
		tally(&s.Topics, true)
		tally(&s.Wrongly, f.Kind == KindRefuse && !right)
		tally(&s.First, right)
		tally(&s.Top3, right || f.offers(expected))
	}
}

// tally adds one when something is so.
func tally(count *int, so bool) {
	if so {
		*count++
	}
}

// offers says whether one of the first three topics that are shown is expected.
func (f Finding) offers(expected []string) bool {
	return (f.Kind == KindAnswer || f.Kind == KindUnsure) &&
		slices.ContainsFunc(f.Topics[:min(3, len(f.Topics))], func(t Scored) bool { return slices.Contains(expected, t.ID) })
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
	fmt.Fprintf(&b, "%-16s %5s %13s %13s %11s %13s %13s %13s %13s %13s %13s\n", "section", "n", "first right", "in first 3", "sure,wrong", "refused", "lines found", "by rule", "false cards", "lines beside", "none admitted")
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "%-16s %5d %13s %13s %11s %13s %13s %13s %13s %13s %13s\n", s.Name, s.Questions, share(s.First, s.Topics), share(s.Top3, s.Topics),
			fmt.Sprintf("%d,%d", s.Sure, s.SureWrong), share(s.Refused, s.Refuse), share(s.Recalled, s.Crisis), share(s.Ruled, s.Crisis), share(s.FalseAlarms, s.Safe), share(s.Beside, s.Safe), share(s.Admitted, s.None))
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
