// Compare answers the development set with bleve's defaults and with plain BM25 beside the finder of package content, on the
// same words in the same run. It is a module of its own so that the bot does not carry a search engine:
//
//	cd content/internal/compare && go run . ../../testdata/dev.tsv
package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"

	"village/content"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// question is a line of the set that a topic answers.
type question struct {
	text     string
	expected []string
}

// searcher finds up to five topic ids for words, best first.
type searcher func(text string) ([]string, error)

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("say which file of questions to use")
	}
	var library *content.Library
	var err error
	built := took(func() { library, err = content.Load() })
	if err != nil {
		return err
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	questions := read(string(data), library)
	fmt.Printf("%-18s %10s %13s %13s %10s %10s\n", "", "start", "first right", "in first 3", "p50", "p99")

	if err := measure("content.Find", built, questions, func(text string) ([]string, error) {
		var ids []string
		for _, t := range library.Find(text).Topics {
			ids = append(ids, t.ID)
		}
		return ids, nil
	}); err != nil {
		return err
	}
	var index bleve.Index
	built = took(func() { index, err = blevesIndex(library) })
	if err != nil {
		return err
	}
	defer index.Close()
	if err := measure("bleve's defaults", built, questions, func(text string) ([]string, error) {
		request := bleve.NewSearchRequestOptions(bleve.NewMatchQuery(text), 5, 0, false)
		result, err := index.Search(request)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, hit := range result.Hits {
			ids = append(ids, hit.ID)
		}
		return ids, nil
	}); err != nil {
		return err
	}
	var bm25 *okapi
	built = took(func() { bm25 = newOkapi(library) })
	return measure("plain BM25", built, questions, bm25.search)
}

func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// read keeps the questions that a topic answers: refusals, danger and what is not ours have no topic to find.
func read(data string, library *content.Library) []question {
	var list []question
	for line := range strings.Lines(data) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		if _, ok := library.Topic(fields[1]); !ok {
			continue
		}
		list = append(list, question{fields[0], append([]string{fields[1]}, strings.Split(strings.Join(fields[2:], ","), ",")...)})
	}
	return list
}

func measure(name string, built time.Duration, questions []question, search searcher) error {
	first, three := 0, 0
	var times []time.Duration
	for _, q := range questions {
		start := time.Now()
		ids, err := search(q.text)
		times = append(times, time.Since(start))
		if err != nil {
			return err
		}
		at := slices.IndexFunc(ids, func(id string) bool { return slices.Contains(q.expected, id) })
		if at == 0 {
			first++
		}
		if at >= 0 && at < 3 {
			three++
		}
	}
	slices.Sort(times)
	n := float64(len(questions))
	fmt.Printf("%-18s %10v %12.1f%% %12.1f%% %10v %10v\n", name, built.Round(time.Millisecond), 100*float64(first)/n, 100*float64(three)/n,
		times[len(times)/2].Round(time.Microsecond), times[len(times)*99/100].Round(time.Microsecond))
	return nil
}

func document(t content.Topic, library *content.Library) map[string]string {
	return map[string]string{"title": t.Title, "ask": strings.Join(library.Ways(t.ID), "\n"), "body": t.Body}
}

func blevesIndex(library *content.Library) (bleve.Index, error) {
	index, err := bleve.NewMemOnly(bleve.NewIndexMapping())
	if err != nil {
		return nil, err
	}
	batch := index.NewBatch()
	for _, t := range library.Topics() {
		if err := batch.Index(t.ID, document(t, library)); err != nil {
			return nil, err
		}
	}
	return index, index.Batch(batch)
}

// okapi is BM25 as the books give it, without stemming, synonyms or mercy for typos.
type okapi struct {
	ids     []string
	lengths []float64
	mean    float64
	docs    map[string]map[int]float64 // word: document: how often
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '\'' })
}

func newOkapi(library *content.Library) *okapi {
	o := &okapi{docs: map[string]map[int]float64{}}
	for n, t := range library.Topics() {
		length := 0
		for _, text := range document(t, library) {
			for _, w := range words(text) {
				if o.docs[w] == nil {
					o.docs[w] = map[int]float64{}
				}
				o.docs[w][n]++
				length++
			}
		}
		o.ids, o.lengths, o.mean = append(o.ids, t.ID), append(o.lengths, float64(length)), o.mean+float64(length)
	}
	o.mean /= float64(len(o.ids))
	return o
}

func (o *okapi) search(text string) ([]string, error) {
	const k1, b = 1.2, 0.75
	scores := make([]float64, len(o.ids))
	for _, w := range words(text) {
		docs := o.docs[w]
		idf := math.Log(1 + (float64(len(o.ids))-float64(len(docs))+0.5)/(float64(len(docs))+0.5))
		for n, times := range docs {
			scores[n] += idf * times * (k1 + 1) / (times + k1*(1-b+b*o.lengths[n]/o.mean))
		}
	}
	order := make([]int, len(o.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case scores[i] > scores[j]:
			return -1
		case scores[i] < scores[j]:
			return 1
		}
		return 0
	})
	var ids []string
	for _, i := range order[:5] {
		if scores[i] > 0 {
			ids = append(ids, o.ids[i])
		}
	}
	return ids, nil
}
