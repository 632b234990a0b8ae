package tg.gouv.messagerie.platform.backup;

import java.util.regex.Pattern;

/**
 * A file of a backup, as it was written.
 *
 * @param file below the backup's folder
 * @param sha256 lower-case hexadecimal
 */
record Content(String file, long bytes, String sha256) {
    /** Never out of the folder, whoever wrote the manifest. */
    private static final Pattern FILE =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    Content {
        if (!FILE.matcher(file).matches()
                || bytes < 0
                || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a file of a backup: " + file);
        }
    }
}
