package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * Why a request is not done, as the client reads it (RFC 9457): one sentence in French or English says what, where, and what to do.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final transient @Nullable Function<Locale, String> refused;
    private final List<String> values;

    /**
     * A problem with a sentence of this package.
     *
     * @param type the sentence's key
     */
    Problem(int status, String type, String... values) {
        super(type);
        this.status = status;
        this.type = type;
        this.values = List.of(values);
        this.refused = null;
    }

    /** What the directory refused. */
    Problem(ProvisioningRefused refused) {
        super(refused.getMessage());
        this.status = status(refused.reason());
        this.type = refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.values = refused.values();
        this.refused = refused::sentence;
    }

    /** What an import refused. */
    Problem(ImportRefused refused) {
        super(refused.getMessage());
        this.status = status(refused.reason());
        this.type = refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.values = refused.values();
        this.refused = refused::sentence;
    }

    int status() {
        return status;
    }

    /** RFC 9457 section 3.1; the type is a URN, since nothing is to be fetched there. */
    ObjectNode json(Locale language) {
        ObjectNode json = Json.object();
        json.put("type", "urn:messagerie:problem:" + type);
        json.put(
                "title",
                refused == null
                        ? Messages.beside(Problem.class, language).text(type, values.toArray())
                        : refused.apply(language));
        json.put("status", status);
        values.forEach(json.putArray("values")::add);
        return json;
    }

    /** What the path names is not there, or must not be known to be. */
    static Problem nothingThere() {
        return new Problem(404, "nothing-there");
    }

    private static int status(ImportRefused.Reason reason) {
        return switch (reason) {
            case NOT_YOURS -> 403;
            case UNKNOWN_IMPORT -> 404;
            case UNDER_WAY, TOO_MUCH, DISTURBED, ALREADY_UNDONE, CHANGED_SINCE, IN_USE, ACTIVE_SINCE -> 409;
            case FILE_TOO_LARGE, TOO_MANY_ROWS -> 413;
            case STOPPED -> 503;
            case EMPTY_FILE,
                    NOT_TEXT,
                    FILE_CUT,
                    NO_SUCH_COLUMN,
                    COLUMN_TWICE,
                    COLUMN_MISSING,
                    BAD_MAPPING,
                    UNKNOWN_KIND -> 422;
        };
    }

    private static int status(ProvisioningRefused.Reason reason) {
        return switch (reason) {
            case NO_RIGHT, NO_RIGHT_IN_THE_STATE -> 403;
            case UNKNOWN_PERSON, UNKNOWN_ACCOUNT, UNKNOWN_GRANT -> 404;
            case ADDRESS_TAKEN,
                    BUDGET_SPENT,
                    ENTITY_CYCLE,
                    HAS_A_PASSWORD,
                    NOT_ACTIVE,
                    NOT_HELD,
                    DEVICE_NAME_TAKEN,
                    HAS_CLOSED,
                    NOT_CLOSED,
                    ON_HOLD,
                    HOLDS_A_POSITION,
                    OWNS_A_LIST,
                    CLOSED_LATELY,
                    ADDRESS_RESERVED,
                    PRIMARY_ADDRESS,
                    GROUP_CYCLE,
                    GROUP_IN_USE,
                    GROUP_HAS_A_LIST,
                    TOO_MANY_DEVICES,
                    SECOND_FACTOR_ON,
                    NO_SECOND_FACTOR -> 409;
            case CHANGED_MEANWHILE -> 412;
            case TOO_MANY_CODES -> 429;
            case BUSY -> 503;
            case BAD_DOMAIN,
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
                    UNKNOWN_ENTITY,
                    UNKNOWN_POSITION,
                    NO_PASSWORD_FOR_A_FUNCTION,
                    GRANT_ENDS_BEFORE,
                    GRANT_TOO_LONG,
                    BAD_DEVICE_NAME,
                    NO_DEVICE_PROTOCOL,
                    ENDS_IN_THE_PAST,
                    READS_THEMSELVES,
                    UNKNOWN_GROUP,
                    GROUP_TOO_LARGE,
                    NOT_AN_OWNER,
                    BAD_CODE,
                    BAD_ROOM,
                    NOTHING_SOUGHT,
                    BAD_EXPIRY -> 422;
        };
    }
}
