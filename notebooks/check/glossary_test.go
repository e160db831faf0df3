package main

import (
	"path/filepath"
	"regexp"
	"testing"
)

// glossary has one Chinese word for one thing, and what else it may be called elsewhere: not in these texts.
var glossary = map[string]string{
	"图像":            `图片|影像`,            // data; a photo is a 照片, and what is drawn a 图
	"张 (图像)":        `[一每几0-9] ?幅`,      // the measure word
	"操作 (op)":       `运算`,               // ONNX has 算子
	"训练步":           `训练步骤|更新步`,         // that a session runs
	"批大小":           `批次大小|批量大小`,        // how many examples 批次 has
	"批归一化":          `批量归一化|批标准化|批规范化`,  // batch normalization
	"移动平均, 移动均值":    `滑动平均|滑动均值|滑动方差`,   // moving average
	"随机失活":          `丢弃法|暂退法`,          // dropout
	"提前停止":          `早停`,               // early stopping
	"数据增强":          `数据增广|数据扩充|图像增广`,   // augmentation
	"学习率调度":         `学习速率|学习率衰减|学习率计划`, // schedule
	"迁移学习":          `转移学习`,
	"受限玻尔兹曼机":       `玻耳兹曼|波尔兹曼|波兹曼`,
	"自编码器":          `自动编码器`,
	"梯度裁剪":          `梯度剪裁|梯度截断`,
	"从零开始":          `从头`,              // from scratch
	"习题":            `练习`,              // of the book
	"权重":            `权值`,              // weight
	"馈入, 取回":        `喂入|喂给|喂养|获取项`,    // feed, fetch
	"normalization": `[a-z]+isation\b`, // English words beside Chinese ones are those of the papers
}

// TestGlossary holds that the translations call a thing by one word throughout.
func TestGlossary(t *testing.T) {
	literal := regexp.MustCompile("`[^`\n]+`|\\]\\([^)]*\\)")
	for _, file := range notebooks(t) {
		name := filepath.Base(file)
		for _, c := range readNotebook(t, filepath.Join("..", "zh", name)).Cells {
			if c.Type != "markdown" {
				continue
			}
			text := literal.ReplaceAllString(string(c.Source), " ")
			for word, others := range glossary {
				if m := regexp.MustCompile(others).FindString(text); m != "" {
					t.Errorf("%s, cell %q: %s; say %s", name, c.ID, m, word)
				}
			}
		}
	}
}
