package tg.gouv.messagerie.directory.ldap;

import java.sql.SQLException;
import org.apache.directory.api.ldap.model.exception.LdapContextNotEmptyException;
import org.apache.directory.api.ldap.model.exception.LdapEntryAlreadyExistsException;
import org.apache.directory.api.ldap.model.exception.LdapNoSuchObjectException;
import org.apache.directory.api.ldap.model.exception.LdapOperationException;
import org.apache.directory.api.ldap.model.exception.LdapSchemaException;
import org.apache.directory.api.ldap.model.message.Control;
import org.apache.directory.api.ldap.model.message.LdapResult;
import org.apache.directory.api.ldap.model.message.Message;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.message.ResultResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.help.HelpCode;

/*
 * ApacheDS's own texts repeat the request, and with it values that were to be kept; at times a stack trace. None of them leaves.
 */
/** The one place where outcomes become result codes (RFC 4511 section 4.1.9). A sentence repeats nothing of the request. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** What a handler does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Does it, and writes its outcome into the response, which the caller sends. */
    static void of(ResultResponse response, Work work) {
        LdapResult result = response.getLdapResult();
        try {
            result.setResultCode(ResultCodeEnum.SUCCESS);
            work.run();
        } catch (Exception failure) {
            set(result, failure);
        }
    }

    /** RFC 4511 section 4.1.11: what a critical control asks for is done, or nothing is. */
    static void demandKnown(Message request) throws Refusal {
        for (Control each : request.getControls().values()) {
            if (each.isCritical() && !RootEntries.CONTROLS.contains(each.getOid())) {
                throw new Refusal(
                        ResultCodeEnum.UNAVAILABLE_CRITICAL_EXTENSION, "a control that is critical is not known here");
            }
        }
    }

    private static void set(LdapResult result, Throwable failure) {
        switch (failure) {
            case Refusal refusal -> {
                set(result, refusal.code(), String.valueOf(refusal.getMessage()));
                refusal.matched().ifPresent(result::setMatchedDn);
            }
            case StoreUnavailable _ -> unavailable(result, failure);
            case SQLException _ -> unavailable(result, failure);
            case ProvisioningRefused refused -> set(result, code(refused), String.valueOf(refused.getMessage()));
            case LdapNoSuchObjectException _ -> set(result, ResultCodeEnum.NO_SUCH_OBJECT, "no such entry");
            case LdapEntryAlreadyExistsException _ ->
                set(result, ResultCodeEnum.ENTRY_ALREADY_EXISTS, "there is an entry of this name");
            case LdapContextNotEmptyException _ ->
                set(result, ResultCodeEnum.NOT_ALLOWED_ON_NON_LEAF, "the entry has others below it");
            case LdapSchemaException _ ->
                set(result, ResultCodeEnum.OBJECT_CLASS_VIOLATION, "the schema does not allow it");
            case LdapOperationException operation -> {
                if (cause(operation) instanceof StoreUnavailable) {
                    unavailable(result, failure);
                } else {
                    set(
                            result,
                            operation.getResultCode(),
                            operation.getResultCode().getMessage());
                }
            }
            default -> {
                if (cause(failure) instanceof StoreUnavailable || cause(failure) instanceof SQLException) {
                    unavailable(result, failure);
                } else {
                    LOG.error("event=ldap-request-failed", failure);
                    set(result, ResultCodeEnum.OTHER, "the server failed; its operator finds why in its log");
                }
            }
        }
    }

    private static ResultCodeEnum code(ProvisioningRefused refused) {
        if (refused.reason().isOfRights()) {
            return ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS;
        }
        return refused.reason() == ProvisioningRefused.Reason.CHANGED_MEANWHILE
                ? ResultCodeEnum.BUSY
                : ResultCodeEnum.CONSTRAINT_VIOLATION;
    }

    private static void unavailable(LdapResult result, Throwable failure) {
        LOG.warn("event=ldap-unavailable reason=\"{}\"", failure.getMessage());
        set(
                result,
                ResultCodeEnum.UNAVAILABLE,
                HelpCode.TRY_LATER.after("the directory cannot be asked now, try again later"));
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
            if (cause instanceof StoreUnavailable) {
                return cause;
            }
        }
        return cause;
    }

    private static void set(LdapResult result, ResultCodeEnum code, String sentence) {
        result.setResultCode(code);
        result.setDiagnosticMessage(sentence);
    }
}
