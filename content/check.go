package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"village/content/find"
)

// What fits on the platforms: a Discord embed's title and description, a Slack header and section, in characters.
const (
	discordTitle, discordText = 256, 4096
	slackHeader, slackText    = 150, 3000
)

// Check returns what is wrong with a topic: whatever nobody may be told (amounts, promises, orders about medicine), what is
// too long or too hard to read, relations to topics that are not known, facts without a dated source. A group's own topic
// (Own) may be short, needs no sources and no review, and need not be asked in twelve ways. It does not look at the clock:
// Library.Overdue does.
func Check(t Topic, known map[string]bool) Problems {
	file := "topics/" + t.ID + ".md"
	var problems Problems
	say := func(do, format string, args ...any) {
		problems = append(problems, Problem{file, fmt.Sprintf(format, args...), do})
	}
	if !validID(t.ID) || len(t.ID) > 40 {
		say("lower case, digits and dashes, up to 40", "id %q", t.ID)
	}
	if n := utf8.RuneCountInString(t.Title); n == 0 || n > min(discordTitle, slackHeader) {
		say(fmt.Sprintf("1 to %d", min(discordTitle, slackHeader)), "the title has %d characters", n)
	}
	if n := utf8.RuneCountInString(t.Body); n == 0 || n > min(discordText, slackText) {
		say(fmt.Sprintf("1 to %d", min(discordText, slackText)), "the answer has %d characters", n)
	}
	words := Words(t.Body)
	if words > 160 {
		say("at most 160", "the answer has %d words", words)
	}
	if n := Words(t.Short); n > 30 {
		say("answer in one line of up to 30 words, then a blank line", "the first paragraph has %d words", n)
	}
	if g := Grade(t.Body); g > 8 {
		say("shorter sentences, commoner words", "reading grade %.1f, more than 8", g)
	}
	for _, r := range t.Related {
		if !known[r] {
			say("name one that does", "related topic %q does not exist", r)
		}
		if r == t.ID {
			say("remove it", "it is related to itself")
		}
	}
	problems = append(problems, inFile(file, checkWords(t.Title, true))...)
	problems = append(problems, inFile(file, checkWords(t.Body, true))...)
	if t.Own {
		return problems
	}
	if words < 60 {
		say("at least 60", "the answer has %d words", words)
	}
	if !asksSomeone(t.Body) {
		say("say who to ask: clinic, prescriber, therapist, pharmacist ...", "nobody to ask is named")
	}
	if len(t.Ask) < 12 {
		say("write at least 12", "%d ways of asking", len(t.Ask))
	}
	if len(t.Related) < 2 || len(t.Related) > 4 {
		say("name 2 to 4", "%d related topics", len(t.Related))
	}
	seen := map[string]bool{}
	for _, a := range t.Ask {
		key := strings.Join(find.Tokens(a), " ")
		switch {
		case key == "":
			say("remove it", "a way of asking is empty")
		case seen[key]:
			say("write another", "asked twice: %q", a)
		case len(a) > 200:
			say("at most 200 characters", "long way of asking: %q", a)
		}
		seen[key] = true
	}
	if len(t.Sources) == 0 {
		say("name at least one", "no sources")
	}
	for _, s := range t.Sources {
		if s.Name == "" || s.Where == "" || s.Checked.IsZero() {
			say("write name, where and checked", "source %q is not whole", s.Name+" "+s.Where)
		}
	}
	if t.ReviewBy.IsZero() {
		say("write review_by", "no review day")
	}
	return problems
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
	var problems Problems
	say := func(do, format string, args ...any) {
		problems = append(problems, Problem{"", fmt.Sprintf(format, args...), do})
	}
	sentences := guardSentences(text)
	for _, g := range guards() {
		re := regexp.MustCompile(`(?i)` + g.pattern)
		var unless *regexp.Regexp
		if g.unless != "" {
			unless = regexp.MustCompile(`(?i)` + g.unless)
		}
		parts := sentences
		if strings.HasPrefix(g.pattern, "(?m)") {
			parts = []string{text}
		}
		for _, s := range parts {
			if m := re.FindString(s); m != "" && (unless == nil || !unless.MatchString(s)) {
				say(g.why, "says %q", strings.TrimSpace(m))
			}
		}
	}
	for _, r := range text {
		if unicode.Is(unicode.So, r) || r >= 0x1f000 && r < 0x1fb00 || r == 0xfe0f {
			say("use a word", "the sign %q", r)
			break
		}
	}
	if answer {
		for _, m := range regexp.MustCompile(`(?:^|[\s(])/([a-z]+)`).FindAllStringSubmatch(text, -1) {
			if !slices.Contains([]string{"faq", "crisis", "ask", "help"}, m[1]) {
				say("only /faq, /crisis, /ask and /help", "names the command /%s", m[1])
			}
		}
	}
	return problems
}

// guardSentences cuts a text where a thought ends, so that "never" in one sentence excuses nothing in the next.
func guardSentences(text string) []string {
	return regexp.MustCompile(`[.!?]["”’)]*\s|\n`).Split(text, -1)
}

// CheckNote looks at a group's own short note (the clinic's phone, where to park) with the guards that hold for our own words: no
// dose, no promise, no telling anybody to take or stop a medicine. Nil means that it may be shown.
func CheckNote(words string) Problems { return checkWords(words, true) }
