package tg.gouv.messagerie.mail.james;

import java.util.Iterator;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.apache.james.user.api.model.User;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * The directory as James sees it: who there is, under the primary address. Nobody signs in here, and nothing is changed.
 */
final class DirectoryUsers implements UsersRepository {
    private final Directory directory;

    DirectoryUsers(Directory directory) {
        this.directory = directory;
    }

    @Override
    public boolean contains(Username name) throws UsersRepositoryException {
        return account(name.asString()).isPresent();
    }

    @Override
    public Publisher<Boolean> containsReactive(Username name) {
        return Mono.fromCallable(() -> contains(name)).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Username getUsername(MailAddress address) throws UsersRepositoryException {
        return account(address.asString())
                .map(account -> Username.of(account.primary().toString()))
                .orElseGet(() -> Username.of(address.asString()));
    }

    @Override
    public MailAddress getMailAddressFor(Username name) throws UsersRepositoryException {
        try {
            return new MailAddress(name.asString());
        } catch (javax.mail.internet.AddressException e) {
            throw new UsersRepositoryException(name.asString() + " is no address", e);
        }
    }

    private Optional<Account> account(String address) throws UsersRepositoryException {
        try {
            return tg.gouv.messagerie.directory.MailAddress.parse(address).flatMap(directory::byAddress);
        } catch (StoreUnavailable e) {
            throw new UsersRepositoryException("the directory does not answer", e);
        }
    }

    /** Always false: sign-in goes through {@link tg.gouv.messagerie.directory.signin.SignIns} alone. */
    @Override
    public boolean test(Username name, String password) {
        return false;
    }

    @Override
    public @Nullable User getUserByName(Username name) throws UsersRepositoryException {
        return contains(name) ? new Known(name) : null;
    }

    @Override
    public boolean supportVirtualHosting() {
        return true;
    }

    @Override
    public boolean isAdministrator(Username name) {
        return false;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void addUser(Username name, String password) throws UsersRepositoryException {
        throw readOnly();
    }

    @Override
    public void updateUser(User user) throws UsersRepositoryException {
        throw readOnly();
    }

    @Override
    public void removeUser(Username name) throws UsersRepositoryException {
        throw readOnly();
    }

    @Override
    public int countUsers() throws UsersRepositoryException {
        throw notListed();
    }

    @Override
    public Iterator<Username> list() throws UsersRepositoryException {
        throw notListed();
    }

    @Override
    public Publisher<Username> listReactive() {
        return Flux.error(notListed());
    }

    private static UsersRepositoryException readOnly() {
        return new UsersRepositoryException("accounts are made in the directory");
    }

    private static UsersRepositoryException notListed() {
        return new UsersRepositoryException("the directory is not listed by mail");
    }

    private record Known(Username name) implements User {
        @Override
        public Username getUserName() {
            return name;
        }

        @Override
        public boolean verifyPassword(String password) {
            return false;
        }

        @Override
        public boolean setPassword(String password) {
            return false;
        }
    }
}
