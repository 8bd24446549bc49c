//! The file: pages, fonts reduced to what is drawn, the structure.
//!
//! Every character has a number of its own in a font, which leads to a glyph for the eye and to the character for
//! whoever copies or searches: a replacement looks alike for all that cannot be drawn and still is what it stands for.

use std::{collections::BTreeMap, io::Write};

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{
    Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{ArtifactType, CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;

use crate::{
    Paper,
    flow::{Flow, Item, PAGE, Style},
    font::Face,
    tree::{Kid, Tree},
};

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const GREY: f32 = 0.38;

/// The pages of a flow as a file.
pub fn write(flow: &Flow, paper: &Paper) -> Vec<u8> {
    let mut file = File { pdf: Pdf::new(), next: Ref::new(1), fonts: BTreeMap::new() };
    let (catalog, pages, root, parents) = (file.id(), file.id(), file.id(), file.id());
    let page_ids: Vec<Ref> = flow.pages.iter().map(|_| file.id()).collect();
    let element_ids: Vec<Ref> = flow.tree.elements.iter().map(|_| file.id()).collect();
    let font_ids = Face::ALL.map(|face| (face, file.id()));

    for (at, page) in flow.pages.iter().enumerate() {
        let content = packed(&file.content(page));
        let content_id = file.id();
        file.pdf.stream(content_id, &content).filter(Filter::FlateDecode);
        let mut written = file.pdf.page(page_ids[at]);
        written.parent(pages).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(content_id);
        written.struct_parents(number(at));
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        for (face, id) in font_ids {
            fonts.pair(Name(name(face)), id);
        }
    }
    file.pdf.pages(pages).kids(page_ids.iter().copied()).count(number(page_ids.len()));
    for (face, id) in font_ids {
        file.font(face, id);
    }
    file.structure(&flow.tree, &page_ids, &element_ids, root, parents);
    file.about(paper, catalog, pages, root);
    file.pdf.finish()
}

struct File {
    pdf: Pdf,
    next: Ref,
    fonts: BTreeMap<Face, Used>,
}

/// The characters of a font that are drawn, each with its number.
#[derive(Default)]
struct Used {
    numbers: BTreeMap<char, u16>,
    order: Vec<char>,
}

impl Used {
    /// Two bytes per character.
    fn encode(&mut self, text: &str) -> Vec<u8> {
        text.chars().flat_map(|c| self.number(c).to_be_bytes()).collect()
    }
    fn number(&mut self, c: char) -> u16 {
        if let Some(known) = self.numbers.get(&c) {
            return *known;
        }
        // 0 is what is not there. A paper of more than 65,534 different characters repeats its last one.
        let number = u16::try_from(self.order.len() + 1).unwrap_or(u16::MAX);
        self.numbers.insert(c, number);
        self.order.push(c);
        number
    }
}

impl File {
    fn id(&mut self) -> Ref {
        self.next.bump()
    }

    fn content(&mut self, items: &[Item]) -> Vec<u8> {
        let mut content = Content::new();
        for item in items {
            match item {
                Item::Rule { left, right, y } => {
                    content
                        .begin_marked_content_with_properties(Name(b"Artifact"))
                        .properties()
                        .artifact()
                        .kind(ArtifactType::Layout);
                    content.set_stroke_gray(GREY).set_line_width(0.5);
                    content.move_to(*left, *y).line_to(*right, *y).stroke().end_marked_content();
                }
                Item::Text { at, text, style, mark } => {
                    match mark {
                        Some(id) => {
                            content.begin_marked_content_with_properties(Name(b"Span")).properties().identify(*id);
                        }
                        None => {
                            let mut marked = content.begin_marked_content_with_properties(Name(b"Artifact"));
                            marked.properties().artifact().kind(ArtifactType::Pagination);
                        }
                    }
                    self.show(&mut content, *at, text, *style);
                    content.end_marked_content();
                }
            }
        }
        content.finish().into_vec()
    }

    fn show(&mut self, content: &mut Content, (x, y): (f32, f32), text: &str, style: Style) {
        let encoded = self.fonts.entry(style.face).or_default().encode(text);
        content.begin_text().set_font(Name(name(style.face)), style.size);
        content.set_fill_gray(if style.soft { GREY } else { 0.0 });
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]).show(Str(&encoded)).end_text();
    }

    /// A font with the glyphs of the characters that are drawn.
    fn font(&mut self, face: Face, id: Ref) {
        let used = self.fonts.remove(&face).unwrap_or_default();
        let font = face.font();
        let mut remapper = GlyphRemapper::new();
        let glyphs: Vec<u16> = used.order.iter().map(|c| font.glyph(*c)).collect();
        // Number 0 leads to glyph 0.
        let mut map = vec![0, 0];
        map.extend(glyphs.iter().flat_map(|glyph| remapper.remap(*glyph).to_be_bytes()));
        // A font that cannot be reduced is embedded whole, with the glyphs it has.
        let (data, map) = match subsetter::subset(font.data, 0, &remapper) {
            Ok(data) => (packed(&data), packed(&map)),
            Err(_) => {
                let whole = [0].iter().chain(&glyphs).flat_map(|glyph| glyph.to_be_bytes()).collect::<Vec<_>>();
                (packed(font.data), packed(&whole))
            }
        };
        let (cid, descriptor, file, to_unicode, to_glyph) = (self.id(), self.id(), self.id(), self.id(), self.id());
        let name = Name(base(face));
        let mut type0 = self.pdf.type0_font(id);
        type0.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(to_unicode);
        type0.finish();
        let mut written = self.pdf.cid_font(cid);
        written.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
        written.default_width(0.0).cid_to_gid_map_stream(to_glyph);
        written.widths().consecutive(1, glyphs.iter().map(|glyph| font.advance(*glyph)));
        written.finish();
        let [left, bottom, right, top] = font.bounds();
        let mut described = self.pdf.font_descriptor(descriptor);
        described.name(name).flags(FontFlags::SYMBOLIC).bbox(Rect::new(left, bottom, right, top)).italic_angle(0.0);
        described.ascent(font.ascent()).descent(font.descent()).cap_height(font.cap_height());
        described.stem_v(if face == Face::Bold { 140.0 } else { 90.0 }).font_file2(file);
        described.finish();
        self.pdf.stream(file, &data).filter(Filter::FlateDecode);
        self.pdf.stream(to_glyph, &map).filter(Filter::FlateDecode);
        let mut cmap = UnicodeCmap::new(Name(b"Souk"), SYSTEM);
        for (at, c) in used.order.iter().enumerate() {
            cmap.pair(u16::try_from(at + 1).unwrap_or(u16::MAX), *c);
        }
        let cmap = packed(&cmap.finish());
        self.pdf.cmap(to_unicode, &cmap).filter(Filter::FlateDecode);
    }

    fn structure(&mut self, tree: &Tree, pages: &[Ref], elements: &[Ref], root: Ref, parents: Ref) {
        for (element, id) in tree.elements.iter().zip(elements) {
            let mut written = self.pdf.struct_element(*id);
            written.kind(element.role).parent(element.parent.map_or(root, |parent| elements[parent]));
            let mut kids = written.children();
            for kid in &element.kids {
                match kid {
                    Kid::Element(kid) => {
                        kids.struct_element(elements[*kid]);
                    }
                    Kid::Text(mark) => {
                        kids.marked_content_ref().page(pages[mark.page]).marked_content_id(mark.id);
                    }
                }
            }
        }
        let lists: Vec<Ref> = pages.iter().map(|_| self.id()).collect();
        for (at, list) in lists.iter().enumerate() {
            let owners = tree.owners(at).into_iter().map(|owner| elements[owner]);
            self.pdf.indirect(*list).array().items(owners);
        }
        let mut numbers = self.pdf.indirect(parents).dict();
        let mut pairs = numbers.insert(Name(b"Nums")).array();
        for (at, list) in lists.iter().enumerate() {
            pairs.item(number(at)).item(*list);
        }
        pairs.finish();
        numbers.finish();
        let mut written = self.pdf.indirect(root).dict();
        written.pair(Name(b"Type"), Name(b"StructTreeRoot")).pair(Name(b"K"), elements[Tree::ROOT]);
        written.pair(Name(b"ParentTree"), parents).pair(Name(b"ParentTreeNextKey"), number(pages.len()));
    }

    fn about(&mut self, paper: &Paper, catalog: Ref, pages: Ref, root: Ref) {
        let title = paper.title();
        let info = self.id();
        let mut about = self.pdf.document_info(info);
        about.title(TextStr(&title)).author(TextStr(&paper.issuer)).producer(TextStr("Souk"));
        about.creation_date(date(paper));
        about.finish();
        let mut written = self.pdf.catalog(catalog);
        written.pages(pages).lang(TextStr(paper.words.code));
        written.viewer_preferences().display_doc_title(true);
        written.mark_info().marked(true);
        written.pair(Name(b"StructTreeRoot"), root);
    }
}

fn date(paper: &Paper) -> Date {
    let part = |format: &str| paper.date.format(format).parse::<u16>().unwrap_or_default();
    let small = |format: &str| u8::try_from(part(format)).unwrap_or_default();
    let date = Date::new(part("%Y")).month(small("%-m")).day(small("%-d")).hour(small("%-H")).minute(small("%-M"));
    date.second(small("%-S")).utc_offset_hour(0)
}

fn name(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => b"R",
        Face::Bold => b"B",
    }
}

fn base(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => b"SOUKRG+NotoSans-Regular",
        Face::Bold => b"SOUKBD+NotoSans-Bold",
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Compressed.
fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Into memory nothing fails.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}
