package tg.gouv.messagerie.directory.letters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PdfContentByte;

/** One page of A4 that is written on. Lengths are points, 1/72 inch; heights are measured from below. */
record Sheet(PdfContentByte canvas, Map<Face, BaseFont> fonts) {
    static final float WIDTH = 595;
    static final float HEIGHT = 842;

    /** 20 mm. */
    static final float MARGIN = 57;

    private static final float LEADING = 1.35f;

    /**
     * Writes a text, line below line.
     *
     * @param y the base line of the first
     * @param width in which lines end
     * @param linesMax what is longer ends with an ellipsis
     * @return where the line after the last one has its base
     */
    float text(Face face, float size, float x, float y, float width, int linesMax, String text) {
        BaseFont font = font(face);
        float at = y;
        for (String line : lines(font, size, width, linesMax, text)) {
            canvas.beginText();
            canvas.setFontAndSize(font, size);
            canvas.setTextMatrix(x, at);
            canvas.showText(line);
            canvas.endText();
            at -= size * LEADING;
        }
        return at;
    }

    /** A black square, or several beside one another. */
    void black(float x, float y, float width, float height) {
        canvas.rectangle(x, y, width, height);
        canvas.fill();
    }

    /** A frame. */
    void frame(float x, float y, float width, float height) {
        canvas.setLineWidth(1);
        canvas.rectangle(x, y, width, height);
        canvas.stroke();
    }

    private BaseFont font(Face face) {
        BaseFont font = fonts.get(face);
        if (font == null) {
            throw new IllegalStateException("no font " + face);
        }
        return font;
    }

    private static List<String> lines(BaseFont font, float size, float width, int linesMax, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && font.getWidthPoint(line + " " + rest, size) <= width) {
                line.append(' ').append(rest);
                continue;
            }
            if (!line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (font.getWidthPoint(rest, size) > width) {
                int fits = fitting(font, size, width, rest);
                lines.add(rest.substring(0, fits));
                rest = rest.substring(fits);
            }
            line.append(rest);
        }
        lines.add(line.toString());
        if (lines.size() <= linesMax) {
            return lines;
        }
        List<String> some = new ArrayList<>(lines.subList(0, linesMax));
        String last = some.removeLast();
        some.add(last.substring(0, fitting(font, size, width - font.getWidthPoint("…", size), last)) + "…");
        return some;
    }

    /** How many units of a text fit into a line: at least one character, never half of one. */
    private static int fitting(BaseFont font, float size, float width, String text) {
        int fits = text.length();
        while (fits > 1 && font.getWidthPoint(text.substring(0, fits), size) > width) {
            fits--;
        }
        return fits > 1 && Character.isHighSurrogate(text.charAt(fits - 1)) ? fits - 1 : fits;
    }
}
