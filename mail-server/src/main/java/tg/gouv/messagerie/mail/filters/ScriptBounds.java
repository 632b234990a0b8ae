package tg.gouv.messagerie.mail.filters;

import org.apache.james.sieverepository.api.exception.QuotaExceededException;

/**
 * How large a script may be, and how many an account may have.
 *
 * @param bytesMax of one script, in UTF-8
 */
public record ScriptBounds(long bytesMax, int scriptsMax) {
    /**
     * Demands that a script of a size fits beside others.
     *
     * @throws QuotaExceededException if it does not; ManageSieve tells which bound it was
     */
    public void demand(int others, long sizeBytes) throws QuotaExceededException {
        if (others >= scriptsMax) {
            throw new TooManyScripts(scriptsMax);
        }
        if (sizeBytes > bytesMax) {
            throw new QuotaExceededException("A script has at most " + bytesMax + " octets");
        }
    }
}
