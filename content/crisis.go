package content

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Country is where somebody is, for the numbers that work there. Code is US, CA, UK, IE, AU, NZ, or International.
type Country struct{ Code, Name string }

// International is the code that stands for every country we have no lines for.
const International = "INT"

// Crisis is what somebody in danger is shown before anything else.
type Crisis struct {
	Country   Country
	Emergency Line     // Number and Link are empty for International: Words say it
	Lines     []Line   // people to talk to, best first
	Now       []string // things to do right now that are not a call
	Tell      []string // who to tell
	Honest    string   // nobody watches this chat
	Spanish   string   // the way to a person for somebody who writes in Spanish
}

// Line is a way to reach a person. It belongs to exactly one country: a line that serves two is written down twice, each
// time with where that was seen.
type Line struct {
	Name    string
	How     string // call, text, chat or web
	Number  string // as people write it; empty for chat and web
	Link    string // tel:, sms: or https:, to tap
	Words   string // one line as it may be shown: "Call or text 988"
	Checked time.Time
	Source  string // where it was seen
	Own     bool   // the group's own
}

// Crisis returns what to show somebody in that country: a code or name in any case (US, usa, "united kingdom", GB); any
// other word, also none, gives the international one. It never fails.
func (l *Library) Crisis(country string) Crisis {
	c, ok := l.crisis[countryCode(country)]
	if !ok {
		c = l.crisis[International]
	}
	c.Lines, c.Now, c.Tell = slices.Clone(c.Lines), slices.Clone(c.Now), slices.Clone(c.Tell)
	return c
}

// Countries returns the countries that have lines of their own and, last, International.
func (l *Library) Countries() []Country { return slices.Clone(l.countries) }

func countryCode(s string) string {
	switch s = strings.ToUpper(strings.TrimSpace(s)); s {
	case "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA", "AMERICA":
		return "US"
	case "CA", "CAN", "CANADA":
		return "CA"
	case "UK", "GB", "GBR", "UNITED KINGDOM", "GREAT BRITAIN", "ENGLAND", "SCOTLAND", "WALES", "NORTHERN IRELAND":
		return "UK"
	case "IE", "IRL", "IRELAND", "REPUBLIC OF IRELAND":
		return "IE"
	case "AU", "AUS", "AUSTRALIA":
		return "AU"
	case "NZ", "NZL", "NEW ZEALAND", "AOTEAROA":
		return "NZ"
	default:
		return s
	}
}

type lineYAML struct {
	Name    string `yaml:"name"`
	How     string `yaml:"how"`
	Number  string `yaml:"number"`
	Link    string `yaml:"link"`
	Words   string `yaml:"words"`
	Checked string `yaml:"checked"`
	Source  string `yaml:"source"`
}

type countryYAML struct {
	Code      string     `yaml:"code"`
	Name      string     `yaml:"name"`
	Emergency lineYAML   `yaml:"emergency"`
	Lines     []lineYAML `yaml:"lines"`
}

type crisisYAML struct {
	Honest    string        `yaml:"honest"`
	Now       []string      `yaml:"now"`
	Tell      []string      `yaml:"tell"`
	Countries []countryYAML `yaml:"countries"`
	Spanish   struct {
		Danger string            `yaml:"danger"`
		Here   map[string]string `yaml:"here"`
		Unsure string            `yaml:"unsure"`
	} `yaml:"spanish"`
	Shared []struct {
		Number    string   `yaml:"number"`
		Countries []string `yaml:"countries"`
		Why       string   `yaml:"why"`
	} `yaml:"shared"`
}

// addCrisis reads crisis.yaml. An overlay's lines are put before ours, never instead of them, and it may add a country.
func (l *Library) addCrisis(fsys fs.FS, overlay string, optional bool) Problems {
	file := path.Join(overlay, "crisis.yaml")
	data, err := readFile(fsys, "crisis.yaml")
	if optional && missing(err) {
		return nil
	}
	if err != nil {
		return Problems{{file, err.Error(), "put it back"}}
	}
	var m crisisYAML
	if err := yaml.UnmarshalWithOptions(data, &m, yaml.Strict()); err != nil {
		return Problems{{file, firstLine(err.Error()), "see the embedded crisis.yaml"}}
	}
	own := overlay != ""
	var problems Problems
	for _, y := range m.Countries {
		c, ps := y.over(l.crisis, file, own)
		problems = append(problems, ps...)
		if !own {
			c.Now, c.Tell, c.Honest = m.Now, m.Tell, m.Honest
			c.Spanish = cmp.Or(m.Spanish.Here[c.Country.Code], m.Spanish.Danger)
		}
		if _, there := l.crisis[c.Country.Code]; !there {
			l.addCountry(c.Country)
		}
		l.crisis[c.Country.Code] = c
	}
	if own {
		return problems
	}
	l.spanish = m.Spanish.Unsure
	allowed := map[string][]string{}
	for _, s := range m.Shared {
		allowed[digits(s.Number)] = s.Countries
	}
	return append(problems, checkCrisis(file, l.crisis, allowed)...)
}

// addCountry puts a country at the end of the list, before International.
func (l *Library) addCountry(c Country) {
	at := len(l.countries)
	if at > 0 && l.countries[at-1].Code == International {
		at--
	}
	l.countries = slices.Insert(l.countries, at, c)
}

// over lays a country's lines over those that are there already.
func (y countryYAML) over(there map[string]Crisis, file string, own bool) (Crisis, Problems) {
	var problems Problems
	read := func(where string, y lineYAML) Line {
		line, ps := parseLine(file, where, y)
		line.Own = own
		problems = append(problems, ps...)
		return line
	}
	code := countryCode(y.Code)
	c, known := there[code]
	if !known {
		base := there[International]
		c = Crisis{Country: Country{code, y.Name}, Now: base.Now, Tell: base.Tell, Honest: base.Honest}
		if y.Name == "" || (y.Emergency == lineYAML{}) {
			problems = append(problems, Problem{file, fmt.Sprintf("country %q has no name or no emergency number", y.Code), "write both"})
		}
	}
	if (y.Emergency != lineYAML{}) {
		c.Emergency = read(y.Code+" emergency", y.Emergency)
	}
	var lines []Line
	for _, ly := range y.Lines {
		lines = append(lines, read(y.Code+" "+ly.Name, ly))
	}
	c.Lines = append(lines, c.Lines...)
	return c, problems
}

func parseLine(file, where string, y lineYAML) (Line, Problems) {
	line := Line{Name: y.Name, How: y.How, Number: y.Number, Link: y.Link, Words: y.Words, Source: y.Source}
	var problems Problems
	say := func(what, do string) { problems = append(problems, Problem{file, where + ": " + what, do}) }
	var err error
	if line.Checked, err = time.Parse(dateForm, y.Checked); err != nil {
		say(fmt.Sprintf("checked %q is no date", y.Checked), "write the day somebody looked, as 2026-11-22")
	}
	if y.Source == "" {
		say("no source", "say where it was seen")
	}
	if y.Name == "" || y.Words == "" {
		say("no name or no words", "write both")
	}
	scheme := map[string]string{"call": "tel:", "text": "sms:", "chat": "https://", "web": "https://"}[y.How]
	switch {
	case y.Number == "" && y.Link == "" && y.How == "call": // "your local emergency number"
	case scheme == "":
		say(fmt.Sprintf("how %q", y.How), "call, text, chat or web")
	case !strings.HasPrefix(y.Link, scheme):
		say(fmt.Sprintf("link %q", y.Link), "begin it with "+scheme)
	case scheme != "https://" && digits(y.Link) != digits(y.Number):
		say(fmt.Sprintf("the link %q does not reach the number %q", y.Link, y.Number), "make them the same")
	case scheme != "https://" && !strings.Contains(digits(y.Words), digits(y.Number)):
		say("the words do not say the number", "say it")
	}
	if givesHours(y.Words) {
		say("the words give hours", "leave them out: they change")
	}
	return line, problems
}

// checkCrisis holds that a number stands for one country. Two countries may really use the same digits (988 is one service in
// the US and another in Canada): then crisis.yaml says so under shared, and each has its own name, words and source.
func checkCrisis(file string, byCode map[string]Crisis, allowed map[string][]string) Problems {
	c := &complaints{file: file}
	for d, us := range numbers(byCode) {
		for i, u := range us {
			if len(us) > 1 && !slices.Contains(allowed[d], u.code) {
				c.say("remove it, or show under shared that it is right", "number %s stands for %s and for another country", d, u.code)
			}
			for _, other := range us[:i] {
				if other.source == u.source {
					c.say("check each country on its own", "number %s is believed in %s and %s from one source", d, u.code, other.code)
				}
			}
		}
	}
	if _, ok := byCode[International]; !ok {
		c.say("write one with the code "+International, "no international entry")
	}
	for code, x := range byCode {
		if len(x.Lines) == 0 || len(x.Now) < 2 || len(x.Tell) == 0 || x.Honest == "" || x.Spanish == "" || x.Emergency.Words == "" {
			c.say("write them", "%s lacks a line, two things to do, somebody to tell, the honest words, those in Spanish or the emergency number", code)
		}
	}
	return c.list
}

// use is a country in which a number stands for something, and where that was seen.
type use struct{ code, source string }

// numbers gives every number's countries, each once.
func numbers(byCode map[string]Crisis) map[string][]use {
	uses := map[string][]use{}
	for code, c := range byCode {
		seen := map[string]bool{"": true}
		for _, line := range append([]Line{c.Emergency}, c.Lines...) {
			if d := digits(line.Number); !seen[d] {
				seen[d] = true
				uses[d] = append(uses[d], use{code, line.Source})
			}
		}
	}
	return uses
}

// givesHours says whether words tell when a line is open.
func givesHours(s string) bool {
	s = strings.ToLower(s)
	for _, h := range []string{"24/7", "24 hours", "hours", "a.m", "p.m", "midnight", "weekday", "every day", "around the clock"} {
		if strings.Contains(s, h) {
			return true
		}
	}
	return false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
