package village

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What everybody in a channel reads is a rough place and a kind word. Where somebody
// types more than that, they are asked before it is posted. The rule looks at words
// alone: it errs to the side of asking, and never changes a word.

// Reveals is what words give away.
type Reveals string

// What words can give away.
const (
	RevealsAddress  Reveals = "address"
	RevealsPhone    Reveals = "phone"
	RevealsMail     Reveals = "mail"
	RevealsWayIn    Reveals = "way-in" // a door code, where a key is
	RevealsSchool   Reveals = "school"
	RevealsChild    Reveals = "child" // a child's name
	RevealsMedicine Reveals = "medicine"
)

// Parted is words in two halves: what everybody may read, and what had better be
// private. Together they hold every word there was, in its order.
type Parted struct {
	Public, Private string
	// Why says what the private half gives away, each once; none where it is empty.
	Why []Reveals
}

// Part parts words that everybody would read. What they may well give away there is no
// reason to part them.
func Part(text string, may ...Reveals) Parted {
	var found []span
	for _, t := range tells() {
		for _, at := range t.words.FindAllStringSubmatchIndex(text, -1) {
			from, to := at[0], at[1]
			if len(at) > 3 && at[2] >= 0 { // the group is what is given away, the rest only shows it
				from, to = at[2], at[3]
			}
			if t.unless == nil || !t.unless.MatchString(text[from:to]) {
				found = append(found, span{from, to, t.why})
			}
		}
	}
	found = append(found, named(text)...)
	found = slices.DeleteFunc(found, func(s span) bool { return slices.Contains(may, s.why) })
	return parted(text, found)
}

// span is a part of words, in bytes, and what it gives away.
type span struct {
	from, to int
	why      Reveals
}

// parted cuts words at spans, each with the little words before it that belong to it.
func parted(text string, found []span) Parted {
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var p Parted
	var public, private []string
	end := 0
	for _, s := range found {
		if !slices.Contains(p.Why, s.why) {
			p.Why = append(p.Why, s.why)
		}
		if s.to <= end {
			continue
		}
		from := max(s.from-len(wordStart.FindString(text[:s.from])), end)
		from = max(end, from-len(leading.FindString(text[end:from])))
		to := s.to + len(wordRest.FindString(text[s.to:]))
		public, private = append(public, text[end:from]), append(private, text[from:to])
		end = to
	}
	public = append(public, text[end:])
	p.Public, p.Private = tidied(public), tidied(private)
	return p
}

// tidied puts pieces together again, without what stood between them.
func tidied(pieces []string) string {
	var out []string
	for _, piece := range pieces {
		piece = strings.TrimFunc(piece, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:-–—.", r) })
		if piece != "" {
			out = append(out, piece)
		}
	}
	return strings.Join(out, ", ")
}

var (
	// leading are little words before something that belong to it: "call me at", "from".
	leading = regexp.MustCompile(`(?i)(?:\b(?:i|we|live|lives|call|ring|text|phone|reach|me|us|at|on|is|are|it's|its|my|our|the|a|an|from|to|in|into|of|with|for|number|no|cell|mobile|address|email|e-mail|mail|please|just|also|and|or|pick|picking|up|take|taking|bring|bringing|drive|collect|fetch|drop|dropping|off|near|outside|by)\b[\s,:;.#()-]*)+$`)
	// wordStart is the beginning of a word that a span begins in.
	wordStart = regexp.MustCompile(`[\p{L}\p{N}]+$`)
	// wordRest is what is left of a word that a span ends in.
	wordRest = regexp.MustCompile(`^[\p{L}\p{N}'’]*[)"”]?`)
)

// tell is how something shows in words. unless says that it is something else.
type tell struct {
	why    Reveals
	words  *regexp.Regexp
	unless *regexp.Regexp
}

const (
	// roads end an address that begins with a number; some of them are words of their
	// own, and count only behind a name.
	roads   = `street|st|avenue|ave|road|rd|lane|ln|court|ct|boulevard|blvd|terrace|parkway|pkwy|highway|hwy|crescent|mews|alley|drive|dr|place|pl|way|circle|cir|square|sq|trail|loop|row|gardens|close`
	schools = `elementary|elem|k-?8|montessori|middle school|high school|primary school|grade school|grammar school|charter school|nursery school|day ?care|preschool|pre-school|kindergarten|academy`
)

// What gives something away, and behind it what only looks like it.
var (
	mailWords       = regexp.MustCompile(`(?i)[\w.+-]+@[\w-]+\.[\w.-]*\w`)
	phoneWords      = regexp.MustCompile(`(?:\+?\d[\d().\-/ ]{5,}\d)`)
	noPhoneWords    = regexp.MustCompile(`^(?:\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|(?:[^\d]*\d){0,6}[^\d]*)$`)
	addressWords    = regexp.MustCompile(`(?i)\b\d{1,5}[a-d]?\s+(?:[nsew]\.?\s+|[ns][ew]\s+|(?:north|south|east|west)\s+)?(?:[\p{L}\d'’.]+\s+){1,3}?(?:` + roads + `)\b\.?(?:\s*,?\s*(?:apt|apartment|unit|suite|ste|floor|#)\.?\s*#?\w+)?`)
	noAddressWords  = regexp.MustCompile(`(?i)\b(?:hours?|hrs?|minutes?|mins?|min|days?|miles?|blocks?|people|kids?|children|seats?|persons?|adults?|am|pm|noon|of|from|to|and|at|in|on|the|a|by|both|each|one|no|half|or|is|more|per|for|with|cars?|boys|girls|we|i|they|if|not|steps?|feet|min|long|right|all|any|that)\b.*\s(?:` + roads + `)`)
	addressWords2   = regexp.MustCompile(`(?i)\b(?:apt|apartment|unit|room|flat|condo)\.?\s*#?(?:no\.?\s*)?[a-z]?\d+[a-z]?\b`)
	noAddressWords2 = regexp.MustCompile(`(?i)^room [1-9]$`)
	addressWords3   = regexp.MustCompile(`(?i)\b(?:i|we)(?:'m| am|'re| are)? (?:live|stay|staying|living) at \d+\s+[\p{L}'’]+`)
	addressWords4   = regexp.MustCompile(`(?i)\b(?:my|our|the|home) address(?: is|:) \d+\s+[\p{L}'’]+`)
	addressWords5   = regexp.MustCompile(`(?i)\bhouse (?:number|no\.?|nr\.?|#)\s*\d+`)
	wayInWords      = regexp.MustCompile(`(?i)\b(?:(?:door|gate|key|lock ?box|garage|entry|entrance|building|alarm|access|front|back|side|lobby|elevator|zip|area|postal|promo|dress)\s+)*(?:code|pin|keypad|combo|combination|passcode|lockbox)\b(?:'s|’s)?(?:\s+(?:for|to|of|on)\s+(?:the\s+)?\w+(?:\s+door|\s+gate)?)?(?:\s+(?:is|number|no))?\s*[:=,]?\s*[#*]?\d[\d#*-]*`)
	noWayInWords    = regexp.MustCompile(`(?i)\b(?:zip|area|postal|promo|dress)\b`)
	wayInWords2     = regexp.MustCompile(`(?i)\b(?:spare |house |front door )?keys?(?:'s|’s)? (?:is |are |will be )?(?:hidden |left )?(?:under|underneath|beneath|behind|inside|above|on top of|in the (?:mailbox|pot|planter|lockbox|flower|garage|shed))\b[^.,;]*`)
	wayInWords3     = regexp.MustCompile(`(?i)\b(?:buzz|buzzer|dial|press|punch(?: in)?|key in|type|ring bell|intercom)\s*(?:no\.?|number|is|:)?\s*[#*]?\d+`)
	wayInWords4     = regexp.MustCompile(`(?i)\b(?:gate|door|entry|alarm|garage)\s*(?:is|:)\s*[#*]?\d{3,}[#*]?`)
	wayInWords5     = regexp.MustCompile(`(?i)\b(?:keys? (?:(?:is|are) )?with (?:the|a|my|our)\b[^.,;]*|(?:back|front|side|garage|our|my|house) (?:door|gate|entrance)(?:'s|’s| is| will be)? (?:left )?(?:open|unlocked)\b|(?:gate|door)(?:'s|’s| is) (?:always )?open\b|(?:gate|door)\s+[#*]?\d{3,}[#*]|(?:door|gate|house)(?:'s|’s| is| will be) unlocked\b)`)
	schoolWords     = regexp.MustCompile(`\b((?:(?:St|Mt|Our|Lady|Saint)\.?\s+)*(?:\p{Lu}[\p{L}'’.-]+\s+){1,3}(?:Elementary|Middle|High|Primary|Grade|Charter|Prep|Public|Grammar|Day|Montessori|Nursery|Catholic|Academy|Preschool|Kindergarten|Daycare|School)(?:\s+(?:School|Academy|Preschool))?)\b`)
	noSchoolWords   = regexp.MustCompile(`(?i)^(?:the|my|our|a|near|old|after|before|from|to|at|in|is|one|every|no|some|any|drive|pick up|pickup)\s+(?:elementary|middle|high|primary|grade|day|nursery|old|public|montessori|charter)?\s*(?:school|academy|elementary|preschool|kindergarten|daycare)?$`)
	schoolWords2    = regexp.MustCompile(`(?i)\b([\p{L}'’.]{3,}\s+(?:` + schools + `)(?:\s+school)?)\b`)
	noSchoolWords2  = regexp.MustCompile(`(?i)^(?:the|a|an|my|our|her|his|their|your|near|old|new|local|after|before|from|for|and|big|this|that|public|private|nearest|neighborhood|at|in|to|is|any|some|by|behind|opposite|past|with|home|no|other|first|second|former|town's|of|kids?|children|twins|go|goes|start|starts|starting|pick|day|next|same|city|county|free|martial arts|arts|dance|music|police|swim|still|two|both|one|all|around|outside|between|across|junior|senior|every|or|nursery|montessori|elementary|middle|primary)\s`)
	schoolWords3    = regexp.MustCompile(`\b(P\.?S\.? ?\d{1,3}|(?:ps|PS|I\.?S\.?) ?#?\d{2,3})\b`)
	schoolWords5    = regexp.MustCompile(`(?i)\b(?:at|to|from|the) ([\p{L}'’]{4,} school)\b`)
	noSchoolWords5  = regexp.MustCompile(`(?i)^(?:elementary|middle|high|primary|grade|grammar|charter|nursery|public|private|same|next|local|nearest|swim|sunday|driving|their|your|after|before|whole|other|children's|kids'|art|dance|music|cooking|language|boarding|medical|summer|night)\s`)
	schoolWords7    = regexp.MustCompile(`(?i)\b([\p{L}'’]{3,}\s+(?:international|episcopal|christian|lutheran|catholic|community|language|country day)\s+school)\b`)
	schoolWords8    = regexp.MustCompile(`(?i)\b(?:at|to|from) (\p{L}{4,} (?:middle|high))\b`)
	schoolWords6    = regexp.MustCompile(`(?i)\b((?:north|south|east|west) high)\b`)
	schoolWords9    = regexp.MustCompile(`(?i)\b(?:kids?|children|child|sons?|daughters?|boys?|girls?|twins|he|she|they)\s+(?:go|goes) to ((?:(?:st|saint|mt|mount)\.?\s+)?\p{L}{3,}(?:\s+\p{L}{3,})?)`)
	schoolWords10   = regexp.MustCompile(`(?i)\b(?:kids|children|sons?|daughters?|boys|girls|twins)\s+(?:is|are) at ((?:(?:st|saint|mt|mount)\.?\s+)?\p{L}{4,})`)
	noSchoolWords9  = regexp.MustCompile(`(?i)^(?:the|a|an|my|our|her|his|their|this|that|bed|sleep|school|work|home|practice|soccer|swim|swimming|ballet|dance|gymnastics|karate|piano|camp|church|preschool|daycare|kindergarten|day|different|two|three|both|same|grandma|grandpa|see|visit|play|class|lessons?|pick|dinner|lunch|noon|half|least|most|all|any|one)(?:[\s'’]|s?$)`)
	schoolWords4    = regexp.MustCompile(`(?i)\b((?:st|saint|our lady of|mt|mount)\.?\s+[\p{L}]+(?:'s|’s|s)?\s+(?:school|academy|elementary|prep|catholic))\b`)
	medicineWords   = regexp.MustCompile(`(?i)\b((?:es)?ketamine?|spravato|kap|ket therapy|psychotherapy|psychedelics?|psilocybin|infusions?|troches?|k therapy|zofran|ondansetron|vyvanse|concerta|hydroxyzine|propranolol|clonidine|busp(?:irone|ar)|pristiq|viibryd|trintellix|latuda|risperdal|zyprexa|olanzapine|depakote|topamax|ambien|zolpidem|lunesta|percocet|vicodin|oxycodone|tramadol|ssris?|lithium|zoloft|sertraline|prozac|fluoxetine|lexapro|escitalopram|celexa|citalopram|paxil|wellbutrin|bupropion|effexor|venlafaxine|cymbalta|duloxetine|trazodone|mirtazapine|abilify|seroquel|quetiapine|lamictal|lamotrigine|xanax|alprazolam|ativan|lorazepam|klonopin|clonazepam|valium|diazepam|adderall|ritalin|methadone|suboxone|naltrexone|gabapentin|antidepressants?|benzos?|my meds|my medication)\b`)
)

// A house number before a name that may be no road.
var (
	houseWords   = regexp.MustCompile(`(?i)\b\d{2,5}\s+(?:[nsew]\.?|[ns][ew])\s+(?:\p{L}{3,}|\d+(?:st|nd|rd|th)\b)`)
	houseIs      = regexp.MustCompile(`(?i)\b(?:house|place|home|condo|apartment)\s+(?:is\s+|at\s+)*(?:number\s+|no\.?\s+)?(\d{2,5}\s+\p{L}{4,})`)
	houseAlone   = regexp.MustCompile(`(?i)^\s*(?:pick ?up|address|from|at)?[\s:]*(\d{3,5}\s+\p{L}{4,}(?:\s+\p{L}{3,})?)\s*(?:,.*)?$`)
	weAreAt      = regexp.MustCompile(`(?i)\b(?:i|we)(?:'m|’m|'re|’re| am| are)? at (\d+\s+\p{L}{3,})`)
	fromHouse    = regexp.MustCompile(`(?i)\b(?:from|at|of|to|by|outside) (\d{3,5}\s+\p{L}{4,})`)
	houseBehind  = regexp.MustCompile(`(?i)[,;:]\s*(\d{3,5}\s+\p{L}{4,})(?:\s+\p{L}{3,})?\s*(?:[,;.]|$)`)
	noHouseWords = regexp.MustCompile(`(?i)\s(?:stairs|guests|seats|dollars|bucks|cups|cookies|plates|percent|degrees|feet|yards|met(?:er|re)s?|miles?|please|thanks|about|maybe|until|then|with|from|after|before|steps?|calories|block|blocks|am|pm|noon|sharp|today|tonight|tomorrow|the|and|each|o'clock|hours?|minutes?|people|kids|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december)$`)
	mailInWords  = regexp.MustCompile(`(?i)\b[\w.+-]+(?: at | ?[(\[]at[)\]] ?)[\w-]+(?:\.| dot )(?:com|org|net|edu|co)\b|\b[\w.+-]+ at (?:gmail|yahoo|hotmail|icloud|outlook|protonmail|aol)\b`)
)

// tells are all of them.
func tells() []tell {
	return []tell{
		{RevealsAddress, houseWords, noHouseWords},
		{RevealsAddress, weAreAt, noHouseWords},
		{RevealsAddress, houseIs, noHouseWords},
		{RevealsAddress, houseAlone, noHouseWords},
		{RevealsAddress, fromHouse, noHouseWords},
		{RevealsAddress, houseBehind, noHouseWords},
		{RevealsMail, mailInWords, nil},
		{RevealsMail, mailWords, nil},
		{RevealsPhone, phoneWords, noPhoneWords},
		{RevealsAddress, addressWords, noAddressWords},
		{RevealsAddress, addressWords2, noAddressWords2},
		{RevealsAddress, addressWords3, nil},
		{RevealsAddress, addressWords4, nil},
		{RevealsAddress, addressWords5, nil},
		{RevealsWayIn, wayInWords, noWayInWords},
		{RevealsWayIn, wayInWords2, nil},
		{RevealsWayIn, wayInWords3, nil},
		{RevealsWayIn, wayInWords4, nil},
		{RevealsWayIn, wayInWords5, nil},
		{RevealsSchool, schoolWords, noSchoolWords},
		{RevealsSchool, schoolWords2, noSchoolWords2},
		{RevealsSchool, schoolWords3, nil},
		{RevealsSchool, schoolWords4, nil},
		{RevealsSchool, schoolWords5, noSchoolWords5},
		{RevealsSchool, schoolWords6, nil},
		{RevealsSchool, schoolWords7, noSchoolWords2},
		{RevealsSchool, schoolWords8, noSchoolWords2},
		{RevealsSchool, schoolWords9, noSchoolWords9},
		{RevealsSchool, schoolWords10, noSchoolWords9},
		{RevealsMedicine, medicineWords, nil},
	}
}

// child is how somebody speaks of a child: before its name, if there is one.
var child = regexp.MustCompile(`(?i)\b(?:(?:my|our|her|his|their|the)\s+)?(?:\w+[- ](?:year|yr)s?[- ]old\s+)?(?:daughters?|sons?|kids?|child|children|boys?|girls?|baby|toddler|twins?|little one|little|grandson|granddaughter|nephew|niece|stepson|stepdaughter|oldest|youngest)(?:'s|’s)?(?:\s+(?:is|are))?(?:\s+(?:called|named|name is|names are|goes by))?[\s,:(]+`)

// told says that what follows is a name however it is written.
var told = regexp.MustCompile(`(?i)(?:called|named|name is|names are|goes by)[\s,:(]+$`)

// pickedUp is what is done with a child, and with hardly anybody else.
var pickedUp = regexp.MustCompile(`(?i)\b(?:pick(?:ing)? up|pickup|collect(?:ing)?|fetch(?:ing)?|drop(?:ping)?(?: off)?|grab(?:bing)?|walk(?:ing)?|tell|look(?:ing)? after|get|babysit(?:ting)?|watch(?:ing)?|mind(?:ing)?|take|bring|with|for|and)[\s,]+$`)

// aged is an age behind a name.
var aged = regexp.MustCompile(`(?i)^\s*(?:,\s*|\()?(?:(?:is|who is|age|aged)\s*)*\d{1,2}\s*(?:\)|years?|yrs?|yo\b|y/o)|^\s*,?\s*(?:age|aged)\s+\d{1,2}\b|^\s*\(\d{1,2}\)|^\s+is\s+\d{1,2}(?:\s+(?:and|now)\b|\s*[,.;]|\s*$)`)

// aWord is a word that could be a name.
var aWord = regexp.MustCompile(`\p{L}[\p{L}'’-]*\p{L}`)

// named finds children's names: behind "my daughter", before an age, and first names
// that children are given now where they are picked up.
func named(text string) []span {
	var found []span
	at := map[int]bool{} // where a name may follow
	for _, m := range child.FindAllStringIndex(text, -1) {
		at[m[1]] = true
	}
	follows := false
	for _, w := range aWord.FindAllStringIndex(text, -1) {
		c := called(text, w)
		is := c.isChild(at[w[0]], follows)
		if is {
			found = append(found, span{w[0], w[1], RevealsChild})
		}
		follows = is || follows && strings.EqualFold(c.word, "and")
	}
	return found
}

// calling is a word that could be a name, with what stands around it.
type calling struct {
	word, before, after string
	// first is one that children are given now; upper is written as one.
	first, upper bool
}

func called(text string, w []int) calling {
	c := calling{word: text[w[0]:w[1]], before: text[:w[0]], after: text[w[1]:]}
	bare := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(c.word, "'s"), "’s"))
	c.first = slices.Contains(firstNames(), bare)
	c.upper = unicode.IsUpper([]rune(c.word)[0]) && !slices.Contains(calendarWords(), bare)
	return c
}

// isChild says whether it is a child's name: behind "my daughter", or behind another one.
func (c calling) isChild(behindChild, follows bool) bool {
	switch {
	case behindChild:
		return c.first || c.upper || c.small()
	case aged.MatchString(c.after):
		return c.first || c.upper
	case follows:
		return c.first || c.upper && !strings.HasSuffix(strings.TrimSpace(c.before), ".")
	}
	if c.asChild() {
		return true
	}
	return c.first && (pickedUp.MatchString(c.before) || childThing.MatchString(c.word+c.after)) && !placeAfter.MatchString(c.after)
}

// nameEnds is what follows a name in small letters behind "my daughter", and ofTheirs what
// is not their name: "my son's jacket is red".
var (
	nameEnds = regexp.MustCompile(`(?i)^\s*(?:$|[,.;)]|(?:and|is|will|has|needs?|can|comes?|goes|who|age)\b)`)
	ofTheirs = regexp.MustCompile(`(?i)(?:['’]s|\b(?:little|is|are))[\s,:(]+$`)
	aChildOf = regexp.MustCompile(`(?i)(?:\b(?:my|our|his|her|their)\s+(?:\S+\s+)?\S+?[\s,(]+|:\s*)$`)
)

// small says whether a word behind "my daughter" is her name though it is written small.
func (c calling) small() bool {
	switch {
	case slices.Contains(calendarWords(), strings.ToLower(c.word)):
		return false
	case told.MatchString(c.before):
		return true
	}
	return !ofTheirs.MatchString(c.before) && aChildOf.MatchString(c.before) && nameEnds.MatchString(c.after)
}

// Where a sentence begins with one who needs a booster or has ballet, or with two of
// them, it is about children, whatever their names.
var (
	sentenceStart = regexp.MustCompile(`(?i)(?:^|[.!;,]\s*)(?:(?:and|also|please)\s+)?(?:\p{L}+ and )?$`)
	childDoes     = regexp.MustCompile(`(?i)^(?:\s+and\s+\p{L}+)?\s+(?:both\s+)?(?:needs?\s+(?:a\s+|an?\s+|their\s+)?(?:booster|boosters|car ?seats?|child seats?|to be at\b|to be picked)|ha(?:s|ve)\s+(?:ballet|soccer|swim|gymnastics|karate|piano|preschool|daycare)|will be (?:waiting|out ?front|outside|ready)\b)`)
	notAChild     = regexp.MustCompile(`(?i)^(?:i|we|you|he|she|it|they|who|somebody|someone|anybody|nobody|everybody|everyone|all|both|one|each|my|our|the|this|that|these|those|driver|drivers|helper|helpers|sitter|mom|dad|grandma|grandpa|sister|brother|neighbor|friend|friends|people|passenger|passengers|car|van|ride|dinner|food|meal|door|gate|kid|kids|child|children|boy|boys|girl|girls|baby|toddler|twins|son|daughter|class|team|group|that|there|here|what|which|always|also|and|please|then|so|but|because|if|when)$`)
)

// asChild says whether a word stands where only a child's name does, however it is written.
func (c calling) asChild() bool {
	return len(c.word) > 2 && !notAChild.MatchString(c.word) && !slices.Contains(calendarWords(), strings.ToLower(c.word)) &&
		sentenceStart.MatchString(c.before) && childDoes.MatchString(c.after)
}

// childThing is what belongs to a child behind their name: "Sophie's booster".
var childThing = regexp.MustCompile(`(?i)^\p{L}+['’]s\s+(?:booster|car ?seat|seat|backpack|teacher|class|school|practice|soccer|ballet|swim|gymnastics|game|recital|bus|birthday|nap|bottle|diaper|daycare)`)

// placeAfter says that a name is that of a place.
var placeAfter = regexp.MustCompile(`(?i)^\s+(?:park|street|st|road|rd|avenue|ave|square|plaza|mall|hospital|clinic|center|centre|library|station|church|gym|field|market|county|lake|bridge|heights|hill|texas|nc|wi)\b`)

// calendarWords are written large and are nobody's name.
func calendarWords() []string {
	return strings.Fields(`monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january february march april may june july august september october november december
		i we the a an and or but is are at in on to for with has have had needs need wants will can cannot can't won't goes go going gets who who's from of by it they she he no not so that this gate exit platform terminal door building room bus line age aged please thanks thank you only also then there
		one ones yes no alone here too ok okay today later together asleep awake shy easy fine quiet small little big old young stuff things play plays playing sit sits sleep eat eats love loves like know knows come comes going walk walks wait waits talk talks get gets stay stays may might do does did if when while because very really quite still just maybe well again each other both two three four five six most some any more than
		bit way while help bag dog car van kids kid child children boy girl boys girls son daughter baby twins toddler seat seats club room party team group lunch dinner snack food
		home school soccer practice after before until both all must likes sleeps eats would could should was were about noon today tomorrow bring pick drop drive uber lyft christmas easter thanksgiving halloween english spanish union station street avenue`)
}

// firstNames are given to children, in small letters; those that are mostly something
// else are left out.
func firstNames() []string {
	return strings.Fields(`ava mia emma olivia sophia isabella amelia evelyn abigail emily ella elizabeth camila luna sofia avery mila aria scarlett penelope layla chloe victoria madison eleanor nora hazel zoey lily ellie lillian hannah addison aubrey zoe stella natalie leah lucy paisley savannah bella claire skylar anna caroline maya naomi elena sarah hailey allison gabriella alice madelyn cora eva serenity kinsley clara vivian gianna emilia piper josie ruby sadie lila lydia delilah isla ivy maria ximena ayla juniper
		liam noah oliver elijah james william benjamin lucas henry theodore levi alexander jackson mateo daniel michael ethan jacob logan sebastian leo jack owen samuel matthew joseph luke asher julian gabriel isaac anthony dylan lincoln thomas charles christopher jaxon isaiah ezra josiah nathan miles caleb eli finn max maxwell theo milo oscar felix hugo arlo otis tessa zane remy wren bodie juno mabel gideon esther clementine ines imogen ottilie eloise josephine genevieve vivienne maeve nell nellie polly poppy maggie molly abby gracie callie ellis anton boden cruz damian dominic everett ezekiel gavin graham grady holden jasper jayce jude lorenzo malachi maddox micah nash nolan rhett ronin rory sawyer simon tate titus tucker victor vincent wesley zachary zeke zion alina alma annabelle arabella aurora brielle celeste eliza elsie esmeralda fiona gemma harlow heidi josephina kaia kayla keira leona lyla mackenzie makayla mariana melody millie miriam mya myla noelle paige presley raelynn reagan remi samara selena talia teagan valerie valeria vera willow ximena zara zuri jonah tobias emmett axel bennett silas adam ryan aiden carter wyatt hudson grayson jayden mason tyler toby timmy tommy billy bobby jimmy johnny suzie katie annie rosie ben sam joe tim jake
		marcus zara priya deshawn beckett imani keisha sophie juliette anders rosa pablo tess amara rafael hattie khalil esme quinn nina ada ivo rohan arjun anya aisha fatima omar yusuf ali hassan leila nadia amina malik jamal tyrone darius andre antonio carlos diego miguel juan jose luis pedro alejandro santiago valentina camilo lucia carmen elias matias bruno marco luca nico enzo sasha mika yuki kenji hana akira mei wei ming jin minh linh anh tuan thu kai koa leilani finley rowan harper reese morgan taylor jordan casey riley peyton parker brooks beau bodhi knox ryker declan ronan cormac aoife niamh saoirse sienna freya astrid ingrid lars sven erik klara greta matilda beatrice margot florence georgia rosalie adeline cecilia daphne phoebe sylvie thea willa winnie marlowe sloane teddy charlie freddie archie alfie ollie harry george arthur ralph walter frank`)
}
