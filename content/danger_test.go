package content

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

func TestDangerIsHeard(t *testing.T) {
	l := load(t)
	file, err := os.Open("testdata/danger.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if text := scan.Text(); !strings.HasPrefix(text, "#") && !l.Danger(text) {
			t.Errorf("not heard: %q", text)
		}
	}
}

// Directions for a driver are no cry for help, and a cry for help among
// directions is heard.
func TestCertain(t *testing.T) {
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(`ring at the blue door
12 Example Road, ring at the blue door
please be on time i will be tired
she will be waiting inside
the key is under the mat
last house on the left
my phone dies fast, call the front desk
pick up my pills at the pharmacy
two kids and a car seat
what is question 9 about
question 9 was 0
i answered question 9 and it was to do with sleep
lactose free lasagne would be lovely
turn left off the bridge, blue door
get off the overpass at exit 9
wait at gate B for her to find me
please take care of my plants for me
buy charcoal and buns
tonight i will do the dishes
dont worry about me after the session
cross over to the left lane
key is under the pot in the ground
please keep cutting the grass
turn on the gas stove and boil water
who will find me at the entrance
leave a note for my family on the door
mind the low roof
ring the bell twice, dog is loud
the third house after the railway tracks
tomorrow 1pm
`) {
		if l.Certain(line) {
			t.Errorf("a false alarm: %s", line)
		}
	}
	for line := range strings.Lines(`i want to die
12 Example Road. i dont want to be here anymore
ring the bell, i am going to kill myself tonight
i took all my pills
she wont wake up
`) {
		if !l.Certain(line) {
			t.Errorf("not heard: %s", line)
		}
	}
}

// What only reports or arranges something is no cry for help, however like one it looks; what is said beside it is heard.
func TestEverydayReports(t *testing.T) {
	l := load(t)
	for said := range strings.Lines(`i drove her yesterday
i drove her last week too
i picked her up last week
I did not pick her up
sam was lovely, drove me right to the door
got him, we're on the road
she said she doesn't need me friday
she doesn't need the ride anymore
he wants to cancel his session
i don't want to move my session
don't delete anything please
i'll be 15 minutes late
i've got time on saturday if anyone needs something
we had dinner brought over on sunday
my car is blue
`) {
		if f := l.Find(said); f.WithLines || f.Kind == KindCrisis {
			t.Errorf("the lines stand beside %q", strings.TrimSpace(said))
		}
	}
	for said := range strings.Lines(`i drove her yesterday and i want to die
i drove her yesterday. i dont want to be here anymore
i wont need the ride home, this is goodbye
i dont need the ride anymore, it will all be over by then
he wants to end it
she doesn't need me, nobody does
cancel my session, i wont be here
i'll be late, i took all my pills
`) {
		if f := l.Find(said); !f.WithLines && f.Kind != KindCrisis {
			t.Errorf("not heard: %q", strings.TrimSpace(said))
		}
	}
}
