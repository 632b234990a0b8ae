package tg.gouv.messagerie.directory.provisioning;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** The directory must not become what was asked; nothing was changed. One sentence says what, where, and what to do. */
public final class ProvisioningRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String BUNDLE = "tg.gouv.messagerie.directory.provisioning.messages";

    private final Reason reason;
    private final List<String> values;

    /**
     * Says why.
     *
     * @param values what the sentence names: no secret
     */
    public ProvisioningRefused(Reason reason, Object... values) {
        this.reason = reason;
        this.values = List.of(values).stream().map(String::valueOf).toList();
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** What the sentence names. */
    public List<String> values() {
        return values;
    }

    /** The sentence, in French or English. */
    public String sentence(Locale language) {
        String pattern = ResourceBundle.getBundle(
                        BUNDLE,
                        language,
                        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES))
                .getString(reason.name());
        return new MessageFormat(pattern.replace("'", "''"), language).format(values.toArray());
    }

    /** The sentence in English, for logs. */
    @Override
    public String getMessage() {
        return sentence(Locale.ENGLISH);
    }

    /** What is wrong; each has its sentence in {@code messages_fr} and {@code messages_en}. */
    public enum Reason {
        BAD_DOMAIN,
        BAD_ADDRESS,
        BAD_NAME,
        BAD_LANGUAGE,
        BAD_REGISTRATION_NUMBER,
        BAD_PASSWORD,
        BAD_HASH,
        SHORT_PASSWORD,
        COMMON_PASSWORD,
        OWN_NAME_PASSWORD,
        BAD_PERIOD,
        DOMAIN_NOT_OURS,
        ADDRESS_TAKEN,
        UNKNOWN_ENTITY,
        UNKNOWN_POSITION,
        UNKNOWN_PERSON,
        UNKNOWN_ACCOUNT,
        ENTITY_CYCLE,
        NO_PASSWORD_FOR_A_FUNCTION,
        NOT_ACTIVE,
        HAS_A_PASSWORD,
        BAD_DEVICE_NAME,
        DEVICE_NAME_TAKEN,
        NO_DEVICE_PROTOCOL,
        BAD_EXPIRY,
        TOO_MANY_DEVICES,
        SECOND_FACTOR_ON,
        NO_SECOND_FACTOR,
        BAD_CODE,
        TOO_MANY_CODES,
        BUSY,
        NO_RIGHT,
        NO_RIGHT_IN_THE_STATE,
        BUDGET_SPENT,
        GRANT_ENDS_BEFORE,
        GRANT_TOO_LONG,
        UNKNOWN_GRANT,
        NOT_HELD,
        CHANGED_MEANWHILE,
        UNKNOWN_GROUP,
        GROUP_CYCLE,
        GROUP_IN_USE,
        GROUP_HAS_A_LIST,
        GROUP_TOO_LARGE,
        NOT_AN_OWNER,
        ENDS_IN_THE_PAST,
        READS_THEMSELVES,
        HAS_CLOSED,
        NOT_CLOSED,
        ON_HOLD,
        HOLDS_A_POSITION,
        OWNS_A_LIST,
        CLOSED_LATELY,
        ADDRESS_RESERVED,
        BAD_ROOM,
        PRIMARY_ADDRESS,
        NOTHING_SOUGHT;

        /** Whether the one who asked has not the rights for it. */
        public boolean isOfRights() {
            return this == NO_RIGHT || this == NO_RIGHT_IN_THE_STATE || this == BUDGET_SPENT;
        }
    }
}
