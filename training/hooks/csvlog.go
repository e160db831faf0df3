package hooks

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// CSVLog writes a row after every epoch, or every so many steps, with the columns epoch, step and
// what the training logs: the means over the epoch so far and what hooks recorded since the last
// row. Numbers have all their digits, NaN is written NaN, and what there was not is an empty cell.
// A name that is new gets a column at the right.
//
// The file is begun anew, unless the training is resumed from a checkpoint: then the rows since
// that are dropped, so that it becomes the file of an uninterrupted training, byte for byte.
type CSVLog struct {
	training.NoHook

	Path  string   // of the file; required. The folder is made.
	Names []string // the columns behind epoch and step; nil: everything that is logged

	EverySteps  int // a row after each so many steps; 0: not by steps
	EveryEpochs int // a row after each so many epochs; 0: not by epochs, or after each one if EverySteps is 0 too

	file   *os.File // nil outside of a training
	state  csvState
	stored []byte // a state that came before Begin
	row    func() error
}

// csvState is what a log has so far.
type csvState struct {
	Columns []string // with epoch and step
	Rows    int      // without the header
	Step    int      // of the last row
}

// Begin opens the file.
func (h *CSVLog) Begin(l *training.Loop) error {
	return errors.WithMessage(h.begin(l), "hooks.CSVLog")
}

func (h *CSVLog) begin(l *training.Loop) error {
	if h.Path == "" {
		return errors.New("Path is empty; want a file, such as \"run1/log.csv\"")
	}
	if err := checkEvery(h.EverySteps, h.EveryEpochs); err != nil {
		return err
	}
	if info, err := os.Stat(h.Path); err == nil && info.IsDir() {
		return errors.Errorf("Path: %s is a folder; want a file, such as %s", h.Path, filepath.Join(h.Path, "log.csv"))
	}
	if err := writable(filepath.Dir(h.Path)); err != nil {
		return err
	}
	h.row = func() error { return errors.WithMessage(h.write(l), "hooks.CSVLog") }
	st := csvState{Columns: append([]string{"epoch", "step"}, h.Names...), Step: -1} // before what is recorded at step 0
	var rows [][]string
	if h.stored != nil {
		if err := json.Unmarshal(h.stored, &st); err != nil {
			return errors.Wrap(err, "its state")
		}
		h.stored = nil
		var err error
		if rows, err = h.read(st.Rows, len(st.Columns)); err != nil {
			return err
		}
	}
	h.state = st
	return h.rewrite(rows)
}

// read returns the first rows of the file, with so many columns.
func (h *CSVLog) read(n, columns int) ([][]string, error) {
	f, err := os.Open(h.Path)
	if err != nil {
		return nil, errors.Wrapf(err, "the training is resumed, and its log has %d rows", n)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	var rows [][]string
	for i := 0; i <= n; i++ {
		row, err := r.Read()
		if err != nil || len(row) < columns {
			return nil, errors.Errorf("%s has %d rows, at the checkpoint it had %d rows of %d columns: %v", h.Path, max(0, i-1), n, columns, err)
		}
		if i > 0 { // not the header
			rows = append(rows, row[:columns])
		}
	}
	return rows, nil
}

// rewrite replaces the file by one with the columns as they are now, and opens it for more rows.
func (h *CSVLog) rewrite(rows [][]string) error {
	if h.file != nil {
		h.file.Close()
		h.file = nil
	}
	temp := h.Path + ".tmp"
	f, err := os.Create(temp)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.Write(h.state.Columns)
	for _, row := range rows {
		for len(row) < len(h.state.Columns) {
			row = append(row, "")
		}
		w.Write(row)
	}
	w.Flush()
	err = cmp.Or(w.Error(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temp, h.Path)
	}
	if err != nil {
		os.Remove(temp)
		return err
	}
	h.file, err = os.OpenFile(h.Path, os.O_WRONLY|os.O_APPEND, 0)
	return err
}

// AfterStep writes a row where a step is due.
func (h *CSVLog) AfterStep(l *training.Loop) error {
	if dueStep(l, h.EverySteps) {
		l.Later(h.row) // with what hooks behind this one record
	}
	return nil
}

// AfterEpoch writes a row where an epoch is due.
func (h *CSVLog) AfterEpoch(l *training.Loop) error {
	if dueEpoch(l, h.EverySteps, h.EveryEpochs) {
		l.Later(h.row)
	}
	return nil
}

func (h *CSVLog) write(l *training.Loop) error {
	row := make([]string, len(h.state.Columns))
	row[0], row[1] = strconv.Itoa(l.Epoch()), strconv.Itoa(l.Step())
	known, grown := len(row), false
	for _, log := range l.Logs() {
		if !log.Mean && log.Step <= h.state.Step {
			continue // stood in an earlier row
		}
		i := slices.Index(h.state.Columns[2:], log.Name) + 2
		if i < 2 {
			if h.Names != nil {
				continue
			}
			i, grown = len(row), true
			h.state.Columns, row = append(h.state.Columns, log.Name), append(row, "")
		}
		row[i] = strconv.FormatFloat(log.Value, 'g', -1, 64)
	}
	if grown {
		rows, err := h.read(h.state.Rows, known)
		if err != nil {
			return err
		}
		if err := h.rewrite(rows); err != nil {
			return err
		}
	}
	w := csv.NewWriter(h.file)
	w.Write(row)
	w.Flush()
	h.state.Rows, h.state.Step = h.state.Rows+1, l.Step()
	return w.Error()
}

// End closes the file.
func (h *CSVLog) End(*training.Loop) error {
	if h.file == nil {
		return nil
	}
	f := h.file
	h.file = nil
	return errors.WithMessage(f.Close(), "hooks.CSVLog")
}

// MarshalBinary writes how much of the file there is. The file is on the disk then.
func (h *CSVLog) MarshalBinary() ([]byte, error) {
	if h.file == nil {
		return h.stored, nil
	}
	if err := h.file.Sync(); err != nil {
		return nil, err
	}
	return json.Marshal(h.state)
}

// UnmarshalBinary is told how much of the file there was; Begin drops the rest.
func (h *CSVLog) UnmarshalBinary(b []byte) error {
	if len(b) == 0 {
		h.stored = nil
		return nil
	}
	var st csvState
	if err := json.Unmarshal(b, &st); err != nil {
		return errors.Wrap(err, "the state of the CSV log")
	}
	if len(st.Columns) < 2 || st.Rows < 0 {
		return errors.Errorf("the state of the CSV log has columns %q and %d rows", st.Columns, st.Rows)
	}
	h.stored = append([]byte(nil), b...)
	return nil
}
