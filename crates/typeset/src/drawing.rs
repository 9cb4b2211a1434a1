//! A laid-out frame as plain paths, letters turned into outlines.
//!
//! A seal must not leave its name in the text of the paper, and must be drawable without fonts in
//! the appearance of a signature (R-TYP-04). Both need the same shapes that the template draws.

use std::fmt::Write as _;

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::text::TextItem;
use typst::visualize::{CurveItem, FixedStroke, Geometry, Paint, Shape};

/// Colour as red, green, blue, opacity, each 0 to 1.
pub type Colour = [f32; 4];

/// A step of a path. Points are in pt from the upper left corner, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Move([f32; 2]),
    Line([f32; 2]),
    Cubic([f32; 2], [f32; 2], [f32; 2]),
    Close,
}

/// One filled or stroked path.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Colour of the inside.
    pub fill: Option<Colour>,
    /// Colour and width in pt of the line.
    pub line: Option<(Colour, f32)>,
    pub steps: Vec<Step>,
}

/// A picture made of paths alone: no fonts, no images.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Width in pt.
    pub width: f32,
    /// Height in pt.
    pub height: f32,
    pub strokes: Vec<Stroke>,
}

impl Drawing {
    pub(crate) fn new(frame: &Frame) -> Self {
        let mut drawing = Self { width: frame.width().to_pt() as f32, height: frame.height().to_pt() as f32, strokes: Vec::new() };
        drawing.frame(frame, Transform::identity());
        drawing
    }

    fn frame(&mut self, frame: &Frame, outer: Transform) {
        for (position, item) in frame.items() {
            let here = outer.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, here.pre_concat(group.transform)),
                FrameItem::Text(text) => self.text(text, here),
                FrameItem::Shape(shape, _) => self.shape(shape, here),
                FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }

    fn text(&mut self, text: &TextItem, at: Transform) {
        let scale = text.size.to_pt() / text.font.units_per_em();
        let mut x = 0.0;
        for glyph in &text.glyphs {
            let mut outline = Outline {
                at,
                scale,
                x: x + glyph.x_offset.at(text.size).to_pt(),
                y: -glyph.y_offset.at(text.size).to_pt(),
                last: [0.0; 2],
                steps: Vec::new(),
            };
            // A missing glyph was refused before a drawing is made; blanks have no outline.
            if text.font.ttf().outline_glyph(ttf_parser::GlyphId(glyph.id), &mut outline).is_some() {
                self.strokes.push(Stroke { fill: solid(&text.fill), line: None, steps: outline.steps });
            }
            x += glyph.x_advance.at(text.size).to_pt();
        }
    }

    fn shape(&mut self, shape: &Shape, at: Transform) {
        let point = |p: Point| apply(at, p.x.to_pt(), p.y.to_pt());
        let corner = |x: Abs, y: Abs| point(Point::new(x, y));
        let steps = match &shape.geometry {
            Geometry::Line(end) => vec![Step::Move(point(Point::zero())), Step::Line(point(*end))],
            Geometry::Rect(size) => vec![
                Step::Move(corner(Abs::zero(), Abs::zero())),
                Step::Line(corner(size.x, Abs::zero())),
                Step::Line(corner(size.x, size.y)),
                Step::Line(corner(Abs::zero(), size.y)),
                Step::Close,
            ],
            Geometry::Curve(curve) => curve
                .0
                .iter()
                .map(|item| match item {
                    CurveItem::Move(p) => Step::Move(point(*p)),
                    CurveItem::Line(p) => Step::Line(point(*p)),
                    CurveItem::Cubic(a, b, c) => Step::Cubic(point(*a), point(*b), point(*c)),
                    CurveItem::Close => Step::Close,
                })
                .collect(),
        };
        let line = shape.stroke.as_ref().and_then(|FixedStroke { paint, thickness, .. }| {
            let area = (at.sx.get() * at.sy.get() - at.kx.get() * at.ky.get()).abs();
            solid(paint).map(|colour| (colour, (thickness.to_pt() * area.sqrt()) as f32))
        });
        self.strokes.push(Stroke { fill: shape.fill.as_ref().and_then(solid), line, steps });
    }

    /// The paths as PDF operators in a box of `width` × `height` with its origin below left.
    /// Opacity is left to the graphics state of the caller.
    pub fn to_pdf(&self) -> String {
        let mut out = String::new();
        let flip = |[x, y]: [f32; 2]| [x, self.height - y];
        for stroke in &self.strokes {
            if let Some([r, g, b, _]) = stroke.fill {
                let _ = writeln!(out, "{r:.4} {g:.4} {b:.4} rg");
            }
            if let Some(([r, g, b, _], width)) = stroke.line {
                let _ = writeln!(out, "{r:.4} {g:.4} {b:.4} RG {width:.3} w");
            }
            for step in &stroke.steps {
                let _ = match *step {
                    Step::Move(p) => writeln!(out, "{} m", points(&[flip(p)])),
                    Step::Line(p) => writeln!(out, "{} l", points(&[flip(p)])),
                    Step::Cubic(a, b, c) => writeln!(out, "{} c", points(&[flip(a), flip(b), flip(c)])),
                    Step::Close => writeln!(out, "h"),
                };
            }
            out.push_str(match (stroke.fill.is_some(), stroke.line.is_some()) {
                (true, true) => "B\n",
                (true, false) => "f\n",
                (false, true) => "S\n",
                (false, false) => "n\n",
            });
        }
        out
    }

    /// The paths as an SVG picture, for a template that shows the seal without its text.
    pub fn to_svg(&self) -> String {
        let (w, h) = (self.width, self.height);
        let mut out = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}pt\" height=\"{h}pt\" viewBox=\"0 0 {w} {h}\">");
        for stroke in &self.strokes {
            out.push_str("<path d=\"");
            for step in &stroke.steps {
                let _ = match *step {
                    Step::Move(p) => write!(out, "M{}", points(&[p])),
                    Step::Line(p) => write!(out, "L{}", points(&[p])),
                    Step::Cubic(a, b, c) => write!(out, "C{}", points(&[a, b, c])),
                    Step::Close => write!(out, "Z"),
                };
            }
            out.push('"');
            paint(&mut out, "fill", stroke.fill);
            paint(&mut out, "stroke", stroke.line.map(|(colour, _)| colour));
            if let Some((_, width)) = stroke.line {
                let _ = write!(out, " stroke-width=\"{width}\"");
            }
            out.push_str("/>");
        }
        out.push_str("</svg>");
        out
    }
}

fn paint(out: &mut String, name: &str, colour: Option<Colour>) {
    let byte = |v: f32| (v * 255.0).round() as u8;
    let _ = match colour {
        None => write!(out, " {name}=\"none\""),
        Some([r, g, b, a]) => {
            let (r, g, b) = (byte(r), byte(g), byte(b));
            write!(out, " {name}=\"#{r:02x}{g:02x}{b:02x}\" {name}-opacity=\"{a}\"")
        }
    };
}

fn points(list: &[[f32; 2]]) -> String {
    let mut out = String::new();
    for (i, [x, y]) in list.iter().enumerate() {
        let _ = write!(out, "{}{x:.3} {y:.3}", if i == 0 { "" } else { " " });
    }
    out
}

fn solid(paint: &Paint) -> Option<Colour> {
    match paint {
        Paint::Solid(colour) => Some(colour.to_rgb().into_format::<f32, f32>().into()),
        Paint::Gradient(_) | Paint::Tiling(_) => None,
    }
}

fn apply(t: Transform, x: f64, y: f64) -> [f32; 2] {
    [(t.sx.get() * x + t.kx.get() * y + t.tx.to_pt()) as f32, (t.ky.get() * x + t.sy.get() * y + t.ty.to_pt()) as f32]
}

/// Collects a glyph's outline in page coordinates; font units have y upwards.
struct Outline {
    at: Transform,
    scale: f64,
    x: f64,
    y: f64,
    last: [f32; 2],
    steps: Vec<Step>,
}

impl Outline {
    fn point(&self, x: f32, y: f32) -> [f32; 2] {
        apply(self.at, self.x + f64::from(x) * self.scale, self.y - f64::from(y) * self.scale)
    }
}

impl ttf_parser::OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = [x, y];
        self.steps.push(Step::Move(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.last = [x, y];
        self.steps.push(Step::Line(self.point(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The same curve with cubic control points two thirds of the way to the quadratic one.
        let [x0, y0] = self.last;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.curve_to(third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.last = [x, y];
        self.steps.push(Step::Cubic(self.point(x1, y1), self.point(x2, y2), self.point(x, y)));
    }

    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}
