package tg.gouv.messagerie.directory.ldap;

import java.util.Optional;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.name.Dn;

/** That a request is answered by a code and a sentence, and nothing was done. The sentence repeats nothing of the request. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final ResultCodeEnum code;
    private final transient Optional<Dn> matched;

    Refusal(ResultCodeEnum code, String sentence) {
        this(code, sentence, Optional.empty());
    }

    /**
     * A refusal.
     *
     * @param matched the entry that was found on the way to one that is not there
     */
    Refusal(ResultCodeEnum code, String sentence, Optional<Dn> matched) {
        super(sentence, null, false, false);
        this.code = code;
        this.matched = matched;
    }

    Optional<Dn> matched() {
        return matched;
    }

    ResultCodeEnum code() {
        return code;
    }
}
