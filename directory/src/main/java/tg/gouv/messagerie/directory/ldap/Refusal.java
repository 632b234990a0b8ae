package tg.gouv.messagerie.directory.ldap;

import org.apache.directory.api.ldap.model.message.ResultCodeEnum;

/** That a request is answered by a code and a sentence, and nothing was done. The sentence repeats nothing of the request. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final ResultCodeEnum code;

    Refusal(ResultCodeEnum code, String sentence) {
        super(sentence, null, false, false);
        this.code = code;
    }

    ResultCodeEnum code() {
        return code;
    }
}
