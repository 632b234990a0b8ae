package tg.gouv.messagerie.directory.ldap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.directory.api.ldap.extras.extended.pwdModify.PasswordModifyRequest;
import org.apache.directory.api.ldap.model.exception.LdapInvalidDnException;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.name.Dn;
import tg.gouv.messagerie.directory.ldap.Client.Who;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.help.HelpCode;
import tg.gouv.messagerie.platform.settings.Secret;

/** Changes the password of who has signed in (RFC 3062); the old one is asked for, and counted as any attempt is. */
record OwnPassword(Tree tree, SignIns signIns, Provisioning provisioning, Audited audited) {
    /** As whom something is done. */
    @FunctionalInterface
    interface Audited {
        Circumstances of(Client client, Who who);
    }

    void change(Client client, PasswordModifyRequest request) throws Refusal {
        Who who = client.demandWho();
        if (!isOwn(request, who)) {
            throw new Refusal(
                    ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS,
                    "over LDAP everybody changes their own password only; an administrator gives a one-time code");
        }
        byte[] before = request.getOldPassword();
        byte[] after = request.getNewPassword();
        if (after == null || after.length == 0) {
            throw new Refusal(ResultCodeEnum.UNWILLING_TO_PERFORM, "give the new password: none is made here");
        }
        if (before == null || before.length == 0) {
            throw new Refusal(ResultCodeEnum.UNWILLING_TO_PERFORM, "give the old password too");
        }
        SignIn outcome = signIns.signIn(
                who.account().primary().toString(), secret(before), client.address(), SignIns.Protocol.LDAP);
        switch (outcome) {
            case SignIn.Granted granted
            when granted.ground().device().isPresent() ->
                throw new Refusal(
                        ResultCodeEnum.UNWILLING_TO_PERFORM,
                        "a device password changes no password: give the main one");
            case SignIn.Granted _ -> {
                Circumstances own = audited.of(client, who);
                client.signedOut(); // it stood on the old password; so the connection is there to be answered on
                own.run(() -> provisioning.ownPassword(who.account().id(), secret(after)));
            }
            case SignIn.Refused _ ->
                throw new Refusal(
                        ResultCodeEnum.INVALID_CREDENTIALS, HelpCode.WRONG_SECRET.after("the old password is wrong"));
            case SignIn.Throttled _ ->
                throw new Refusal(
                        ResultCodeEnum.BUSY,
                        HelpCode.TOO_MANY_ATTEMPTS.after("too many attempts from this network, try again later"));
        }
    }

    private boolean isOwn(PasswordModifyRequest request, Who who) {
        byte[] identity = request.getUserIdentity();
        if (identity == null || identity.length == 0) {
            return true;
        }
        String written = new String(identity, StandardCharsets.UTF_8);
        String name = written.startsWith("dn:")
                ? written.substring(3)
                : written.startsWith("u:") ? written.substring(2) : written;
        if (name.indexOf('=') < 0) {
            return who.account().addresses().stream()
                    .anyMatch(address -> address.toString().equalsIgnoreCase(name));
        }
        try {
            Dn own = new Dn(tree.base().schema(), tree.base().absolute(who.name()));
            Optional<Dn> asked = Optional.of(new Dn(tree.base().schema(), name));
            return asked.get().equals(own);
        } catch (LdapInvalidDnException e) {
            return false;
        }
    }

    private static Secret secret(byte[] bytes) {
        return new Secret(new String(bytes, StandardCharsets.UTF_8));
    }
}
