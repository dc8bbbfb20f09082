package content

import (
	"bufio"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func load(t testing.TB) *Library {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func plannedTopics(t *testing.T) map[string]bool {
	t.Helper()
	file, err := os.Open("testdata/topics.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	ids := map[string]bool{}
	for scan := bufio.NewScanner(file); scan.Scan(); {
		ids[scan.Text()] = true
	}
	return ids
}

func TestEveryTopicIsWrittenAndNoOther(t *testing.T) {
	l, planned := load(t), plannedTopics(t)
	if len(planned) != 80 {
		t.Fatalf("testdata/topics.txt names %d topics, not 80", len(planned))
	}
	for id := range planned {
		if _, ok := l.Topic(id); !ok {
			t.Errorf("topics/%s.md is missing; write it", id)
		}
	}
	for _, topic := range l.Topics() {
		if !planned[topic.ID] {
			t.Errorf("topics/%s.md is not among the planned topics; rename it or add it to testdata/topics.txt", topic.ID)
		}
	}
}

func TestTopicsKeepTheGuards(t *testing.T) {
	planned := plannedTopics(t)
	for _, topic := range load(t).Topics() {
		for _, p := range Check(topic, planned) {
			t.Error(p)
		}
	}
}

func TestRefusalsKeepTheGuards(t *testing.T) {
	l, planned := load(t), plannedTopics(t)
	var ids []string
	for _, r := range l.Refusals() {
		ids = append(ids, r.ID)
		for _, p := range CheckRefusal(r, planned) {
			t.Error(p)
		}
	}
	if want := []string{"diagnosis", "dose", "mixing", "screening", "sharing", "sourcing"}; !slices.Equal(ids, want) {
		t.Errorf("refusals are %v, want %v", ids, want)
	}
}

// An answer that nobody has looked at again in time must not ship, so this looks at the real clock.
func TestNothingIsOverdue(t *testing.T) {
	l := load(t)
	for _, topic := range l.Overdue(time.Now()) {
		t.Errorf("topics/%s.md was to be reviewed by %s; check its facts and set a new review_by", topic.ID, topic.ReviewBy.Format(dateForm))
	}
	for name := range deckRules() {
		if d, ok := l.Deck(name); ok && time.Now().After(d.ReviewBy.AddDate(0, 0, 1)) {
			t.Errorf("decks/%s.yaml was to be reviewed by %s", name, d.ReviewBy.Format(dateForm))
		}
	}
}

func TestDecksAreComplete(t *testing.T) {
	l := load(t)
	for _, name := range Decks() {
		d, ok := l.Deck(name)
		if !ok {
			t.Errorf("decks/%s.yaml is missing; decks/README.md says how to write it", name)
			continue
		}
		for _, p := range CheckDeck(d) {
			t.Error(p)
		}
	}
}

// sound is a topic with nothing wrong in it, to be spoilt by the tests.
func sound() Topic {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	body := "Bring a warm coat. A friend who can wait is good, too.\n\n" +
		strings.Repeat("The rooms are cool and the seats are soft, so most people rest well there. ", 4) +
		"\n\nAsk your clinic what else they would like you to have with you on the day."
	ask := strings.Split("coat or not/is it cold there/do i need layers/warm clothes needed/chilly room/how cold/jacket/should he bring a coat/"+
		"freezing last time/temperature in there/scarf ok/cold hands", "/")
	return Topic{ID: "coats", Title: "Do I need a coat?", Category: "preparing", Body: body, Short: firstParagraph(body), Ask: ask,
		Related: []string{"rides", "fasting"}, Sources: []Source{{"A clinic's page", "example.org", day}}, ReviewBy: day.AddDate(0, 6, 0)}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	known := map[string]bool{"rides": true, "fasting": true, "coats": true}
	if ps := Check(sound(), known); len(ps) > 0 {
		t.Fatalf("a sound topic is refused: %v", ps)
	}
	add := func(words string) func(*Topic) { return func(t *Topic) { t.Body += " " + words } }
	for name, spoil := range map[string]func(*Topic){
		"bad id":              func(t *Topic) { t.ID = "Coats!" },
		"long title":          func(t *Topic) { t.Title = strings.Repeat("x", 151) },
		"no title":            func(t *Topic) { t.Title = "" },
		"too long":            add(strings.Repeat("It is cold. ", 60)),
		"too short":           func(t *Topic) { t.Body = "Ask your clinic." },
		"one sentence first":  func(t *Topic) { t.Short = "Bring a warm coat." },
		"a list first":        func(t *Topic) { t.Short = "Bring a coat. What else to bring:" },
		"urgent left out":     add("Chest pain? Call your emergency number."),
		"another warning":     func(t *Topic) { t.Body, t.Warning = t.Body+" Chest pain? Call 911.", "Sore arm? Call 911." },
		"a warning of less":   func(t *Topic) { t.Body, t.Warning = t.Body+" Chest pain? Call 911.", "Chest pain?" },
		"long first line":     func(t *Topic) { t.Short = strings.Repeat("word ", 31) },
		"hard to read":        add("Pharmacological considerations necessitate comprehensive multidisciplinary interdepartmental deliberation regarding individualised thermoregulatory contraindications notwithstanding institutional recommendations."),
		"dead relation":       func(t *Topic) { t.Related = []string{"rides", "gone"} },
		"own relation":        func(t *Topic) { t.Related = []string{"rides", "coats"} },
		"one relation":        func(t *Topic) { t.Related = t.Related[:1] },
		"few ways":            func(t *Topic) { t.Ask = t.Ask[:11] },
		"way twice":           func(t *Topic) { t.Ask[1] = "Coat, or NOT?" },
		"no sources":          func(t *Topic) { t.Sources = nil },
		"undated source":      func(t *Topic) { t.Sources[0].Checked = time.Time{} },
		"no review day":       func(t *Topic) { t.ReviewBy = time.Time{} },
		"it names 2026-12-31": func(t *Topic) { t.Body += "\n\nThe rule runs to 31 December 2026." },
		"it names 2027-01-31": func(t *Topic) { t.Body += "\n\nThe clinic's price holds to the end of January 2027." },
		"nobody to ask":       func(t *Topic) { t.Body = strings.ReplaceAll(t.Body, "clinic", "aunt") },
		"reset":               add("It resets you."),
		"rewire":              add("It rewires the brain."),
		"heals":               add("It heals."),
		"cure":                add("It is a cure."),
		"miracle":             add("A miracle."),
		"guarantee":           add("We guarantee rest."),
		"promise":             add("It will work."),
		"safe":                add("It is completely safe."),
		"recommends":          add("I recommend it."),
		"milligrams":          add("About 100 mg is usual."),
		"spelt milligrams":    add("Fifty milligrams."),
		"glued unit":          add("Say 2ml."),
		"hold":                add("Hold it for 12 minutes."),
		"fasting hours":       add("Stop eating six hours before."),
		"another":             add("Take another lozenge."),
		"stop":                add("Stop your medicine."),
		"skip":                add("Then skip the pills."),
		"diagnosis":           add("You are bipolar."),
		"heading":             add("\n# Cold\n"),
		"image":               add("![x](https://example.org/x.png)"),
		"html":                add("<b>cold</b>"),
		"plain link":          add("[page](http://example.org)"),
		"script link":         add("[page](javascript:alert)"),
		"mark":                add("It is cold [S1]."),
		"emoji":               add("Cold \U0001f976."),
		"mention":             add("Ask @everyone."),
		"unknown command":     add("Use /coat for one."),
		"losing control":      add("Losing control is what you need."),
		"trapped":             add("It is trapped in your body."),
		"certified providers": add("Find certified providers."),
	} {
		topic := sound()
		spoil(&topic)
		if ps := Check(topic, known); len(ps) == 0 {
			t.Errorf("%s: nothing found", name)
		} else if ps[0].Do == "" || ps[0].File == "" {
			t.Errorf("%s: %q does not say where or what to do", name, ps[0])
		}
	}
	for _, fine := range []string{"Never stop your medicine on your own.", "A promised cure is a red flag.", "Don't take another lozenge.",
		"Clinics differ, from two to twelve hours.", "Ask before you skip any medicine.", "Use /faq or /crisis.", "Nobody can guarantee it.",
		"See [the page](https://example.org/x)."} {
		if ps := checkWords(fine, true); len(ps) > 0 {
			t.Errorf("%q is refused: %v", fine, ps)
		}
	}
}

func TestGrade(t *testing.T) {
	for text, want := range map[string]float64{
		"": 0,
		// 6 words, 1 sentence, 6 syllables
		"The cat sat on the mat.": 0.39*6 + 11.8*1 - 15.59,
		// 5 words, 2 sentences, 7 syllables: the bullets are sentences
		"- Water\n- A very warm blanket": 0.39*2.5 + 11.8*8/5 - 15.59,
		// the address of a link is not read
		"See [the page](https://example.org/a/long/address) now.": 0.39*4 + 11.8*1 - 15.59,
	} {
		if got := Grade(text); math.Abs(got-want) > 0.01 {
			t.Errorf("Grade(%q) = %.2f, want %.2f", text, got, want)
		}
	}
	hard := "Considerable pharmacological heterogeneity complicates straightforward interpretation of psychotherapeutic outcomes across institutional populations."
	if g := Grade(hard); g < 20 {
		t.Errorf("Grade of a hard sentence is %.1f", g)
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{"a": 1, "the": 1, "water": 2, "table": 2, "make": 1, "makes": 1, "asked": 1, "wanted": 2, "houses": 2,
		"quiet": 2, "people": 2, "ketamine": 3, "therapist": 3, "session": 2, "medicine": 3, "being": 2, "client": 2, "patient": 2, "trying": 2, "going": 2, "seeing": 2, "friend": 1, "idea": 3, "don't": 1,
		"well-known": 2, "988": 1, "**bold**": 1, "—": 0, "prescriber": 3, "hospital": 3, "anxious": 2, "bodies": 2, "radio": 3} {
		if got := Syllables(word); got != want {
			t.Errorf("Syllables(%q) = %d, want %d", word, got, want)
		}
	}
}

// What is asked for in a hurry is short, and nothing urgent is left out of it.
func TestBrief(t *testing.T) {
	l := load(t)
	short := 0
	for _, topic := range l.Topics() {
		brief := topic.Brief()
		if brief == topic.Body {
			continue
		}
		if short++; Words(brief) > 60 {
			t.Errorf("%s: %d words are not short", topic.ID, Words(brief))
		}
		if topic.Category == safetyShelf || topic.Safety != topic.Short {
			t.Errorf("%s: a matter of safety is shortened", topic.ID)
		}
	}
	if short < 40 {
		t.Errorf("only %d answers are shortened", short)
	}
	for _, id := range []string{SuicidalThoughts, "grounding", "alone-use", "heart-blood-pressure", "side-effects", "bladder-uti"} {
		if topic, _ := l.Topic(id); topic.Brief() != topic.Body {
			t.Errorf("%s is shortened", id)
		}
	}
	own := Topic{Body: strings.Repeat("We meet at the north door. ", 20), Short: "We meet.", Own: true}
	if own.Brief() != own.Body {
		t.Error("a group's own words are shortened, and nobody here has read them")
	}
}
