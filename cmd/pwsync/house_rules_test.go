package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// goPackage is a folder with Go files, as the rules see it. All its files are
// here, whatever their build tags, so that an arrow cannot hide behind one.
type goPackage struct {
	path  string // below the module
	files []goFile
}

// goFile is one parsed file. Its name is relative to the package.
type goFile struct {
	name   string
	syntax *ast.File
	lines  *token.FileSet
}

func (f goFile) test() bool { return strings.HasSuffix(f.name, "_test.go") }

// at gives the place of a node the way compilers print it.
func (f goFile) at(p goPackage, node ast.Node) string {
	return fmt.Sprintf("%s:%d", path.Join(p.path, f.name), f.lines.Position(node.Pos()).Line)
}

// readPackages parses every Go file of the module at dir. It leaves out what
// the go tool leaves out: testdata, and folders that begin with . or _.
func readPackages(t *testing.T, dir string) []goPackage {
	t.Helper()
	byPath := map[string]*goPackage{}
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(place string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			hidden := place != "." && (strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_"))
			if hidden || entry.Name() == "testdata" || slices.Contains(skipped, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(place) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(tree, place)
		if err != nil {
			return err
		}
		folder := path.Dir(place)
		if byPath[folder] == nil {
			byPath[folder] = &goPackage{path: folder}
		}
		byPath[folder].files = append(byPath[folder].files, parse(t, place, string(source)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for _, folder := range slices.Sorted(maps.Keys(byPath)) {
		packages = append(packages, *byPath[folder])
	}
	return packages
}

// linkedInto asks the go tool what the packages of a pattern link, directly or
// through others, beside the standard library.
func linkedInto(t *testing.T, dir, pattern string) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps",
		"-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", pattern)
	list.Dir = dir
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list what %s links: %v\n%s", pattern, err, stderr.String())
	}
	return strings.Fields(string(out))
}

// parse reads one file. Its place is for messages.
func parse(t *testing.T, place, source string) goFile {
	t.Helper()
	lines := token.NewFileSet()
	syntax, err := parser.ParseFile(lines, place, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return goFile{name: path.Base(place), syntax: syntax, lines: lines}
}

// matches tells whether a pattern of the tables takes in a path.
func matches(pattern, place string) bool {
	if pattern == "..." {
		return true
	}
	folder, deep := strings.CutSuffix(pattern, "/...")
	return place == folder || deep && strings.HasPrefix(place, folder+"/")
}

func anyMatches(patterns []string, place string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, place) })
}

// under tells whether an import lies at or below a library's path.
func under(library, imported string) bool {
	return imported == library || strings.HasPrefix(imported, library+"/")
}

// standard tells whether an import is the standard library's: those alone
// have no dot in their first element.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".") && imported != "C"
}

// roomOf finds the row of the table for a package.
func roomOf(place string) (room, bool) {
	i := slices.IndexFunc(house, func(r room) bool { return matches(r.path, place) })
	if i < 0 {
		return room{}, false
	}
	return house[i], true
}

// arrowBreaches names every import of the package that its room forbids.
func (p goPackage) arrowBreaches() []string {
	home, known := roomOf(p.path)
	if !known {
		return []string{fmt.Sprintf("%s has no row in the table of arrows; give it one in house_test.go", p.path)}
	}
	var breaches []string
	for _, file := range p.files {
		for _, spec := range file.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				imported = spec.Path.Value
			}
			if why := home.forbids(p.path, imported, file.test()); why != "" {
				breaches = append(breaches, fmt.Sprintf("%s imports %s: %s", file.at(p, spec), imported, why))
			}
		}
	}
	return breaches
}

// forbids gives the reason why a package of this room may not import
// something, or "" where it may.
func (r room) forbids(place, imported string, test bool) string {
	for _, f := range fences {
		if !under(f.library, imported) {
			continue
		}
		if !anyMatches(f.within, place) && !(test && anyMatches(f.tests, place)) {
			return f.why
		}
	}
	if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
		if inside == place || anyMatches(r.may, inside) || test && anyMatches(r.tests, inside) {
			return ""
		}
		return fmt.Sprintf("of this module %s may import %s", place, orNothing(r.may))
	}
	if standard(imported) {
		if r.pure && !test && slices.Contains(impure, imported) {
			return place + " is pure: facts in, verdicts out"
		}
		return ""
	}
	judge := func(library string) bool { return under(library, imported) }
	if r.bare && !(test && slices.ContainsFunc(testLibraries, judge)) {
		return place + " uses the standard library only"
	}
	return ""
}

func orNothing(patterns []string) string {
	if len(patterns) == 0 {
		return "nothing"
	}
	return "only " + strings.Join(patterns, ", ")
}

// clockBreaches names every place where a pure room reads the wall clock.
// Tests may: a rapid or benchmark loop measures itself.
func (p goPackage) clockBreaches() []string {
	home, _ := roomOf(p.path)
	if !home.pure {
		return nil
	}
	var breaches []string
	for _, file := range p.files {
		clock := file.nameOf("time")
		if file.test() || clock == "" {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok || !slices.Contains(clockReaders, selector.Sel.Name) {
				return true
			}
			if from, ok := selector.X.(*ast.Ident); ok && from.Name == clock {
				breaches = append(breaches, fmt.Sprintf("%s reads the clock with time.%s: the facts' own time is the only now here",
					file.at(p, selector), selector.Sel.Name))
			}
			return true
		})
	}
	return breaches
}

// nameOf gives the name under which the file knows an import, or "".
func (f goFile) nameOf(imported string) string {
	for _, spec := range f.syntax.Imports {
		if spec.Path.Value != strconv.Quote(imported) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}

// nextOne is how a story ends: what to do to add one more of what it is about.
var nextOne = regexp.MustCompile(`(?i)\b(to add|adding)\b`)

// storyBreaches says what the package's doc.go leaves untold.
func (p goPackage) storyBreaches() []string {
	i := slices.IndexFunc(p.files, func(f goFile) bool { return f.name == "doc.go" })
	if i < 0 {
		return []string{p.path + " has no doc.go"}
	}
	story := p.files[i].syntax.Doc.Text()
	if story == "" {
		return []string{p.path + "/doc.go has no package comment"}
	}
	// A story that a formatter wrapped is the same story.
	if !nextOne.MatchString(strings.Join(strings.Fields(story), " ")) {
		return []string{p.path + `/doc.go does not say what "to add one more" takes`}
	}
	return nil
}

// word is something no file of the tree says. The patterns are written so
// that they do not find themselves.
type word struct {
	pattern *regexp.Regexp
	why     string
}

var words = []word{
	{regexp.MustCompile(`(^|[^\w.])/wor[k]/|/tmp/brie[f]|/root/g[o]/`), "a path of one machine"},
	{regexp.MustCompile(`(?i)\bissu[e]s? #|\bissu[e] \d`), "an issue's number means nothing to a reader of the tree"},
	{regexp.MustCompile(`facts/(adsync|slack|abuse-cases)\.m[d]|shared/(design|style)\.m[d]`), "a note that is not in the tree"},
	{regexp.MustCompile(`(?i)\b(lead|helper) sessio[n]\b`), "the tree speaks of the program, not of who wrote it"},
	{regexp.MustCompile(`proxy\.golang\.or[g]|registry\.npmjs\.or[g]|deb\.debian\.or[g]`), "a registry's host: whoever builds chooses the registry"},
	{regexp.MustCompile(`(//|#|/\*|<!--)\s*(TOD[O]|FIXM[E]|XX[X])\b`), "unfinished work belongs where work is planned"},
}

// skipped are folders that hold nothing of the tree's own.
var skipped = []string{".git", ".idea", ".vscode", "node_modules"}

// treeBreaches looks over the whole tree: its top folders, the size of its Go
// files, and words that have no place in it.
func treeBreaches(tree fs.FS) ([]string, error) {
	var breaches []string
	err := fs.WalkDir(tree, ".", func(place string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		atTop := place != "." && !strings.Contains(place, "/")
		if entry.IsDir() {
			// make build's output comes and goes.
			if slices.Contains(skipped, entry.Name()) || place == "bin" {
				return fs.SkipDir
			}
			if atTop && !strings.HasPrefix(place, ".") && !slices.Contains(topFolders, place) {
				breaches = append(breaches, fmt.Sprintf("%s is not one of the top folders %s", place, strings.Join(topFolders, ", ")))
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		if atTop && strings.HasSuffix(place, ".go") {
			breaches = append(breaches, place+" lies at the root, which holds no Go")
		}
		text, err := fs.ReadFile(tree, place)
		if err != nil {
			return err
		}
		breaches = append(breaches, sizeBreaches(place, len(text))...)
		breaches = append(breaches, wordBreaches(place, text)...)
		return nil
	})
	return breaches, err
}

func sizeBreaches(place string, size int) []string {
	most := mostCode
	if strings.HasSuffix(place, "_test.go") {
		most = mostTest
	}
	if !strings.HasSuffix(place, ".go") || size <= most {
		return nil
	}
	return []string{fmt.Sprintf("%s has %d bytes, more than %d: is it about one thing?", place, size, most)}
}

func wordBreaches(place string, text []byte) []string {
	if bytes.IndexByte(text, 0) >= 0 {
		return nil // a picture or an archive
	}
	var breaches []string
	number := 0
	for line := range bytes.Lines(text) {
		number++
		for _, w := range words {
			if found := w.pattern.Find(line); found != nil {
				breaches = append(breaches, fmt.Sprintf("%s:%d says %q: %s", place, number, bytes.TrimSpace(found), w.why))
			}
		}
	}
	return breaches
}
