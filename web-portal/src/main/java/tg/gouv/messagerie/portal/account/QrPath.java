package tg.gouv.messagerie.portal.account;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code (ISO/IEC 18004) as a page draws it, without an image to load.
 *
 * @param size modules on a side, the quiet zone of four on each side included
 * @param path the dark modules as data of an SVG path
 */
public record QrPath(int size, String path) {
    /** No code. */
    public static final QrPath NONE = new QrPath(0, "");

    private static final int QUIET = 4;

    /**
     * The code of a text.
     *
     * @throws IllegalArgumentException if it is too long for one
     */
    public static QrPath of(String text) {
        try {
            QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
            StringBuilder path = new StringBuilder();
            for (int y = 0; y < code.size; y++) {
                int from = -1;
                for (int x = 0; x <= code.size; x++) {
                    boolean dark = x < code.size && code.getModule(x, y);
                    if (dark && from < 0) {
                        from = x;
                    } else if (!dark && from >= 0) {
                        path.append('M')
                                .append(from + QUIET)
                                .append(' ')
                                .append(y + QUIET)
                                .append('h')
                                .append(x - from)
                                .append("v1h-")
                                .append(x - from)
                                .append('z');
                        from = -1;
                    }
                }
            }
            return new QrPath(code.size + 2 * QUIET, path.toString());
        } catch (io.nayuki.qrcodegen.DataTooLongException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
