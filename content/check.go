package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"village/content/find"
)

// What fits on the platforms: a Discord embed's title and description, a Slack header and section, in characters.
const (
	discordTitle, discordText = 256, 4096
	slackHeader, slackText    = 150, 3000
)

// complaints gathers what is wrong with one file.
type complaints struct {
	file string
	list Problems
}

func (c *complaints) say(do, format string, args ...any) {
	c.list = append(c.list, Problem{c.file, fmt.Sprintf(format, args...), do})
}

// id complains of an id that is not lower-case letters and digits with single dashes between, or too long.
func (c *complaints) id(what, id string) {
	if !validID(id) || len(id) > 40 {
		c.say("lower case, digits and dashes, up to 40", "%s %q", what, id)
	}
}

// within complains of a text that is empty or has more than so many characters.
func (c *complaints) within(most int, what, text string) {
	if n := utf8.RuneCountInString(text); n == 0 || n > most {
		c.say(fmt.Sprintf("1 to %d", most), "the %s has %d characters", what, n)
	}
}

// Check returns what is wrong with a topic: whatever nobody may be told (amounts, promises, orders about medicine), what is
// too long or too hard to read, relations to topics that are not known, facts without a dated source. A group's own topic
// (Own) may be short, needs no sources and no review, and need not be asked in twelve ways. It does not look at the clock:
// Library.Overdue does.
func Check(t Topic, known map[string]bool) Problems {
	c := &complaints{file: "topics/" + t.ID + ".md"}
	c.id("id", t.ID)
	c.within(min(discordTitle, slackHeader), "title", t.Title)
	c.within(min(discordText, slackText), "answer", t.Body)
	c.reading(t)
	for _, r := range t.Related {
		if !known[r] {
			c.say("name one that does", "related topic %q does not exist", r)
		}
		if r == t.ID {
			c.say("remove it", "it is related to itself")
		}
	}
	c.list = append(c.list, inFile(c.file, checkWords(t.Title, true))...)
	c.list = append(c.list, inFile(c.file, checkWords(t.Body, true))...)
	if !t.Own {
		c.ours(t)
	}
	return c.list
}

// reading complains of an answer that is too long or too hard to read.
func (c *complaints) reading(t Topic) {
	if n := Words(t.Body); n > 160 {
		c.say("at most 160", "the answer has %d words", n)
	}
	if n := Words(t.Short); n > 30 {
		c.say("answer in one line of up to 30 words, then a blank line", "the first paragraph has %d words", n)
	}
	if g := Grade(t.Body); g > 8 {
		c.say("shorter sentences, commoner words", "reading grade %.1f, more than 8", g)
	}
}

// ours complains of what our own topics must have and a group's need not.
func (c *complaints) ours(t Topic) {
	if n := Words(t.Body); n < 60 {
		c.say("at least 60", "the answer has %d words", n)
	}
	c.brief(t)
	if !asksSomeone(t.Body) {
		c.say("say who to ask: clinic, prescriber, therapist, pharmacist ...", "nobody to ask is named")
	}
	if len(t.Ask) < 12 {
		c.say("write at least 12", "%d ways of asking", len(t.Ask))
	}
	if len(t.Related) < 2 || len(t.Related) > 4 {
		c.say("name 2 to 4", "%d related topics", len(t.Related))
	}
	c.asked(t.Ask)
	if len(t.Sources) == 0 {
		c.say("name at least one", "no sources")
	}
	for _, s := range t.Sources {
		if s.Name == "" || s.Where == "" || s.Checked.IsZero() {
			c.say("write name, where and checked", "source %q is not whole", s.Name+" "+s.Where)
		}
	}
	if t.ReviewBy.IsZero() {
		c.say("write review_by", "no review day")
	}
	c.runsOut(t)
}

// brief complains of an answer whose beginning does not stand alone: it is two whole sentences, and what is urgent is either in
// a warning, in the answer's own words, or the answer is never shortened.
func (c *complaints) brief(t Topic) {
	urgent := regexp.MustCompile(`(?i)emergency (number|help)|\b(988|911)\b|/crisis|care the same day|poison line`)
	if n := len(regexp.MustCompile(`[.!?]["*]*(\s|$)`).FindAllString(t.Short, -1)); n != 2 || strings.HasSuffix(t.Short, ":") {
		c.say("say the answer in two sentences, then a blank line", "the first paragraph has %d sentences", n)
	}
	if urgent.MatchString(t.Body) && !t.Whole && t.Warning == "" {
		c.say("write a warning, or whole: true", "the beginning of the answer leaves out %q", urgent.FindString(t.Body))
	}
	if urgent.MatchString(t.Body) && !t.Whole && !urgent.MatchString(t.Brief()) {
		c.say("say when to get help", "the warning does not say what is urgent")
	}
	said := readable(t.Body)
	for _, sentence := range readable(t.Warning) {
		if !slices.Contains(said, sentence) {
			c.say("take it from the answer, word for word", "the warning says %q, and the answer does not", sentence)
		}
	}
}

// runsOut complains of an answer that names a day on which what it says may end, and is to be looked at only after that day.
// What lay in the past when the sources were seen is history.
func (c *complaints) runsOut(t Topic) {
	var seen time.Time
	for _, s := range t.Sources {
		if s.Checked.After(seen) {
			seen = s.Checked
		}
	}
	for _, day := range daysIn(t.Body) {
		if day.After(seen) && t.ReviewBy.After(day) {
			c.say("review it by then, or say it without the day", "it names %s and is reviewed only by %s", day.Format(time.DateOnly), t.ReviewBy.Format(time.DateOnly))
		}
	}
}

// daysIn gives the days that a text names, midnight UTC; a month without a day, and a year alone, end with their last day.
func daysIn(text string) []time.Time {
	const month = `(January|February|March|April|May|June|July|August|September|October|November|December)`
	var days []time.Time
	for _, m := range regexp.MustCompile(`(?:\b(\d{1,2}) )?`+month+`(?: (\d{1,2}),)? (20\d\d)\b`).FindAllStringSubmatch(text, -1) {
		day := m[1] + m[3]
		at, err := time.Parse("2 January 2006", cmp.Or(day, "1")+" "+m[2]+" "+m[4])
		if err != nil {
			continue
		}
		if day == "" {
			at = at.AddDate(0, 1, -1)
		}
		days = append(days, at)
	}
	for _, m := range regexp.MustCompile(`\b(?:in|until|through|during|of) (20\d\d)\b`).FindAllStringSubmatch(text, -1) {
		if at, err := time.Parse("2006-01-02", m[1]+"-12-31"); err == nil {
			days = append(days, at)
		}
	}
	return days
}

// asked complains of ways of asking that are empty, long or there twice.
func (c *complaints) asked(ways []string) {
	seen := map[string]bool{}
	for _, way := range ways {
		key := strings.Join(find.Tokens(way), " ")
		switch {
		case key == "":
			c.say("remove it", "a way of asking is empty")
		case seen[key]:
			c.say("write another", "asked twice: %q", way)
		case len(way) > 200:
			c.say("at most 200 characters", "long way of asking: %q", way)
		}
		seen[key] = true
	}
}

// CheckRefusal returns what is wrong with a refusal: the guards of an answer, without sources.
func CheckRefusal(r Refusal, known map[string]bool) Problems {
	ps := Check(Topic{ID: r.ID, Title: r.Title, Body: r.Body, Short: firstParagraph(r.Body), Related: r.Related, Own: true}, known)
	for i := range ps {
		ps[i].File = "refusals/" + r.ID + ".md"
	}
	if !asksSomeone(r.Body) {
		ps = append(ps, Problem{"refusals/" + r.ID + ".md", "nobody to ask is named", "say who can help"})
	}
	return ps
}

func inFile(file string, ps Problems) Problems {
	for i := range ps {
		ps[i].File = file
	}
	return ps
}

func asksSomeone(body string) bool {
	body = strings.ToLower(body)
	return slices.ContainsFunc([]string{"clinic", "prescri", "therapist", "pharmacist", "doctor", "psychiatrist", "nurse", "clinician",
		"staff", "care team", "midwife", "provider", "your team"}, func(w string) bool { return strings.Contains(body, w) })
}

// guard is something that may not be said, and why not.
type guard struct {
	pattern string // what is not said
	unless  string // in the same sentence, makes it right
	why     string
}

// The guards come from what is wrong or risky in other people's words about ketamine.
func guards() []guard {
	const number = `(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred|half an?)`
	return []guard{
		// claims that nobody can make
		{`\bre-?set(?:s|ting)?\b`, "", "it is not shown that anything is reset"},
		{`\bre-?wir(?:e|es|ed|ing)\b`, "", "it is not shown that anything is rewired"},
		{`\bheal(?:s|ed|ing|er|ers)?\b`, "", "say what is felt, not what is mended"},
		{`\bcur(?:e|es|ed|ing)\b`, `\b(?:red flag|promis|claim|offer|guarantee|no cure|not a cure|isn['’]t a cure|beware|walk away)`, "only to say that a promised cure is a warning sign"},
		{`\bmirac(?:le|les|ulous)\b`, "", "no miracles"},
		{`\bheavenly\b|\blife[- ]changing\b|\bgame[- ]changer\b|\bbreakthrough (?:drug|treatment)\b|\bwonder drug\b`, "", "no hype"},
		{`\bguarantee[sd]?\b`, `\b(?:red flag|promis\w* or|no\b|not\b|nobody|can['’]t|never|warning|beware|walk away|claim)`, "no promises"},
		{`\b(?:it|this|kap|ketamine|treatment) will (?:work|help|fix|lift|make you (?:better|well))\b|\byou will (?:feel better|get better|be fine)\b|\byou['’]ll (?:feel better|get better|be fine)\b`, `\b(?:whether|if|nobody|no one|not|can['’]t|cannot|never)\b`, "no promises"},
		{`\b(?:completely|totally|perfectly|100 ?%|very) safe\b|\bno (?:side effects|risks?)\b|\bnon[- ]addictive\b|\bnot addictive\b|\bharmless\b|\brisk[- ]free\b`, `\b(?:not|red flag|claim|never|nobody|isn['’]t|promis\w*|don['’]t|says?|beware)\b`, "nothing is without risk"},
		{`\b(?:clinically |scientifically )?proven to\b|\bworks for everyone\b|\blasting relief\b|\blasting symptom relief\b`, `\b(?:not|never|nobody|isn['’]t)\b`, "it is not proven"},
		{`\b(?:we|i) (?:highly |strongly )?recommend\b|\byou should (?:try|do|get|start) (?:it|this|ketamine|kap)\b`, `\b(?:can['’]t|cannot|not|never|won['’]t)\b`, "only a person and their clinician decide"},
		{`\btrapped in (?:your|my|the) (?:body|system)\b|\breleas(?:e|es|ing) (?:the )?trauma\b|\bstored in (?:your|the) body\b`, "", "a picture, not a fact"},
		{`\blosing control is (?:what|the point)|\bnever leave a (?:kap )?session\b`, "", "shames people who felt otherwise"},
		{`\bcertified (?:kap )?(?:provider|therapist)s?\b`, `\b(?:no single|no one|there is no|isn['’]t|not)\b`, "no single certificate exists"},
		{`\b160/100\b`, "", "that limit is not supported"},
		// amounts and rules of time
		{`(?i)\b` + number + `[ -]?(?:mg|mcg|ug|µg|ml|cc|milligrams?|micrograms?|millilit(?:er|re)s?|grams?|iu)\b|\bmg\b|\bmg/kg\b`, "", "no amounts with units of dose"},
		{`\b(?:hold|swish|keep|dissolve|spit|swallow|let it sit)\b[^.!?]{0,60}\b` + number + ` (?:minutes?|mins?|seconds?)\b`, `\b(?:differ|vary|varies|her|she|the author|some pages|your own|your sheet|own instructions)\b`, "no times as a rule: the label and the clinic decide"},
		{`\b(?:fast|don['’]t eat|no food|stop eating|nothing to eat|avoid food)\b[^.!?]{0,60}\b` + number + ` hours?\b`, `\b(?:differ|vary|varies|anywhere|some|your clinic|clinic['’]s|spravato|their own|your own)\b`, "no fasting hours as a rule: the clinic decides"},
		{`\b(?:take|use|have) (?:a |an |one |two |another |more |less |half )(?:extra |more |whole )?(?:doses?|troches?|lozenges?|tablets?|sprays?)\b`, `\b(?:never|not|don['’]t|can['’]t|cannot|before you|ask|if you|instead of)\b`, "no advice on amounts"},
		// orders about medicine
		{`\b(?:stop|skip|start|quit|drop|double|halve|reduce|increase|come off|taper)(?: taking)? (?:your |the |all |any |a )*(?:medicines?|medications?|meds|pills?|antidepressants?|doses?|benzos?|benzodiazepines?|lithium|ssris?|tablets?|lamotrigine)\b`, `\b(?:never|not|no|don['’]t|do not|can['’]t|cannot|without|before|ask|asked|asks|if|whether|prescriber|only|who|decide|stopping|tells?|nobody|unless|may)\b`, "only a prescriber says that"},
		{`\byou (?:have|don['’]t have|are|aren['’]t) (?:bipolar|depressed|manic|psychotic|an addict|addicted)\b`, `\b(?:if|whether|when|think|feel)\b`, "no diagnosis"},
		// form
		{`(?m)^#{1,6} |^\s*\|.*\||!\[|<[a-zA-Z/][^>]*>|^\d+\. |^> |` + "```", "", "Markdown only as paragraphs, - bullets, bold, italic and links"},
		{`\]\((?:[^h)]|h[^t])[^)]*\)|\]\(http://`, "", "links begin with https://"},
		{`\[S\d+\]|\[[MA]\]`, "", "no source marks in the words"},
		{`@everyone|@here|<@`, "", "no mentions"},
	}
}

// checkWords returns what the words may not say; in an answer the bot's commands may be named, on a card they may too.
func checkWords(text string, answer bool) Problems {
	c := &complaints{}
	sentences := guardSentences(text)
	for _, g := range guards() {
		parts := sentences
		if strings.HasPrefix(g.pattern, "(?m)") {
			parts = []string{text}
		}
		for _, said := range g.saidIn(parts) {
			c.say(g.why, "says %q", said)
		}
	}
	if i := strings.IndexFunc(text, isPicture); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		c.say("use a word", "the sign %q", r)
	}
	if answer {
		for _, m := range regexp.MustCompile(`(?:^|[\s(])/([a-z]+)`).FindAllStringSubmatch(text, -1) {
			if !slices.Contains([]string{"faq", "crisis", "ask", "help"}, m[1]) {
				c.say("only /faq, /crisis, /ask and /help", "names the command /%s", m[1])
			}
		}
	}
	return c.list
}

// saidIn gives what the guard forbids in the sentences.
func (g guard) saidIn(sentences []string) []string {
	pattern := regexp.MustCompile(`(?i)` + g.pattern)
	var unless *regexp.Regexp
	if g.unless != "" {
		unless = regexp.MustCompile(`(?i)` + g.unless)
	}
	var said []string
	for _, s := range sentences {
		if m := pattern.FindString(s); m != "" && (unless == nil || !unless.MatchString(s)) {
			said = append(said, strings.TrimSpace(m))
		}
	}
	return said
}

// isPicture says whether a character is an emoji or another sign that stands for a word.
func isPicture(r rune) bool {
	return unicode.Is(unicode.So, r) || r >= 0x1f000 && r < 0x1fb00 || r == 0xfe0f
}

// guardSentences cuts a text where a thought ends, so that "never" in one sentence excuses nothing in the next.
func guardSentences(text string) []string {
	return regexp.MustCompile(`[.!?]["”’)]*\s|\n`).Split(text, -1)
}

// CheckNote looks at a group's own short note (the clinic's phone, where to park) with the guards that hold for our own words: no
// dose, no promise, no telling anybody to take or stop a medicine. Nil means that it may be shown.
func CheckNote(words string) Problems { return checkWords(words, true) }
