package tg.gouv.messagerie.directory.provisioning;

import java.text.Normalizer;

/** Names as they are kept: one line of composed characters, since they end in headers, screens and files. */
final class Written {
    /** Names of entities, titles, display names. */
    static final int LABEL_MAX = 200;

    /** One name of a person. */
    static final int NAME_MAX = 100;

    private static final int SHOWN_MAX = 40;

    private Written() {}

    /** The name in NFC, without spaces around it. */
    static String name(String name, int charactersMax) {
        String kept = Normalizer.normalize(name, Normalizer.Form.NFC).strip();
        if (kept.isEmpty()
                || kept.length() > charactersMax
                || !kept.codePoints().allMatch(Written::isPrintable)) {
            throw new ProvisioningRefused(ProvisioningRefused.Reason.BAD_NAME, shown(kept), charactersMax);
        }
        return kept;
    }

    /** As much of a refused name as a sentence can show. */
    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(SHOWN_MAX).forEach(each -> shown.appendCodePoint(isPrintable(each) ? each : '?'));
        return shown.toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> !isBidirectionalControl(character);
        };
    }

    /** Unicode's explicit directional characters: they make a name read as another. */
    private static boolean isBidirectionalControl(int character) {
        return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    }
}
