package pytorch

import (
	"strconv"

	"github.com/pkg/errors"
)

// What values take, about: a pointer with its share of what holds it, a list or dict without its items, an item that is kept by its number.
const (
	pointerBytes   = 16
	containerBytes = 48
	memoBytes      = 80
)

func (m *machine) push(v value) {
	if len(m.stack) == cap(m.stack) {
		m.take(2 * pointerBytes * int64(len(m.stack))) // it grows by a quarter
	}
	m.stack = append(m.stack, v)
}

// pushList pushes a list, or a tuple, of items.
func (m *machine) pushList(items []value) {
	m.take(containerBytes + pointerBytes*int64(len(items)))
	m.push(&list{items})
}

// pushDict pushes an empty dict.
func (m *machine) pushDict() {
	m.take(containerBytes)
	m.push(&dict{})
}

func (m *machine) pop() (value, error) {
	n := len(m.stack)
	if n == 0 {
		return nil, errors.New("the stack is empty")
	}
	v := m.stack[n-1]
	m.stack = m.stack[:n-1]
	if _, ok := v.(mark); ok {
		return nil, errors.New("a mark stands where a value should")
	}
	return v, nil
}

// popMark takes what lies above the last mark, and the mark.
func (m *machine) popMark() ([]value, error) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if _, ok := m.stack[i].(mark); ok {
			items := append([]value(nil), m.stack[i+1:]...)
			m.stack = m.stack[:i]
			return items, nil
		}
	}
	return nil, errors.New("there is no mark on the stack")
}

func (m *machine) top() (value, error) {
	if len(m.stack) == 0 {
		return nil, errors.New("the stack is empty")
	}
	return m.stack[len(m.stack)-1], nil
}

func (m *machine) tuple(n int) error {
	items := make([]value, n)
	for i := n - 1; i >= 0; i-- {
		v, err := m.pop()
		if err != nil {
			return err
		}
		items[i] = v
	}
	m.pushList(items)
	return nil
}

// extend appends to the list on top.
func (m *machine) extend(items []value) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	l, ok := v.(*list)
	if !ok {
		return errors.Errorf("items are appended to a %T, which is no list", v)
	}
	m.take(2 * pointerBytes * int64(len(items)))
	l.items = append(l.items, items...)
	return nil
}

// setItems puts keys and values into the dict on top.
func (m *machine) setItems(items []value) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	d, ok := v.(*dict)
	if !ok {
		return errors.Errorf("items are put into a %T, which is no dict", v)
	}
	m.take(2 * pointerBytes * int64(len(items)))
	if len(items)%2 != 0 {
		return errors.New("a key has no value")
	}
	for i := 0; i < len(items); i += 2 {
		d.keys, d.values = append(d.keys, items[i]), append(d.values, items[i+1])
	}
	return nil
}

// put keeps the value on top under a number.
func (m *machine) put(code byte) error {
	index := int64(len(m.memo))
	if code != 0x94 {
		i, err := m.index(code == 'q', code == 'r')
		if err != nil {
			return err
		}
		index = i
	}
	v, err := m.top()
	m.take(memoBytes)
	m.memo[index] = v
	return err
}

// get pushes the value that is kept under a number.
func (m *machine) get(code byte) error {
	index, err := m.index(code == 'h', code == 'j')
	if err != nil {
		return err
	}
	v, ok := m.memo[index]
	if !ok {
		return errors.Errorf("nothing is kept under the number %d", index)
	}
	m.push(v)
	return nil
}

// index reads the number under which a value is kept.
func (m *machine) index(short, long bool) (int64, error) {
	switch {
	case short:
		b, err := m.byte()
		return int64(b), err
	case long:
		b, err := m.bytes(4)
		return int64(little(b)), err
	}
	line, err := m.line()
	if err != nil {
		return 0, err
	}
	i, err := strconv.ParseInt(line, 10, 64)
	return i, errors.Wrap(err, "a number")
}

// global pushes a function or class by its name.
func (m *machine) global(code byte) error {
	var g global
	if code == 'c' {
		module, err := m.line()
		if err != nil {
			return err
		}
		name, err := m.line()
		if err != nil {
			return err
		}
		m.take(int64(len(module) + len(name)))
		g = global{module, name}
	} else {
		name, err := m.pop()
		if err != nil {
			return err
		}
		module, err := m.pop()
		if err != nil {
			return err
		}
		var ok [2]bool
		g.name, ok[0] = name.(string)
		g.module, ok[1] = module.(string)
		if ok != [2]bool{true, true} {
			return errors.New("the name of a function is no text")
		}
	}
	m.take(containerBytes)
	m.push(g)
	return nil
}

// persistentID pushes what a persistent id stands for.
func (m *machine) persistentID(code byte) error {
	if code == 'P' {
		return errors.New("a persistent id as a line of text, which PyTorch does not write")
	}
	id, err := m.pop()
	if err != nil {
		return err
	}
	v, err := m.persistent(id)
	m.take(containerBytes)
	m.push(v)
	return err
}
