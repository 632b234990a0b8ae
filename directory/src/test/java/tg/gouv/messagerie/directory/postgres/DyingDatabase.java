package tg.gouv.messagerie.directory.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseOver;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** A database whose connections of provisioning break at one of their statements, or when they have committed. */
final class DyingDatabase implements DatabaseOver {
    private final Database database;
    private int left;
    private boolean unheard;

    DyingDatabase(Database database) {
        this.database = database;
    }

    /** From now on the connection breaks at this statement. */
    void after(int statements) {
        left = statements;
    }

    /** From now on what is done together is committed, and whoever did it is dead before it hears so. */
    void afterTheCommit(boolean dies) {
        unheard = dies;
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public void migrate(String schema) {
        // it is there
    }

    @Override
    public Connections connections(String role, String schema, int most) {
        Connections whole = database.connections(role + "-dying", schema, 1);
        return role.equals("provisioning") ? new Breaking(whole) : whole;
    }

    private final class Breaking implements Connections {
        private final Connections whole;

        Breaking(Connections whole) {
            this.whole = whole;
        }

        @Override
        public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
            return whole.autoCommit(work);
        }

        @Override
        public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
            return whole.transaction(connection -> work.on(breaking(connection)));
        }

        @Override
        public <T, X extends Exception> T together(Work<T, X> work) throws X {
            T done = whole.together(connection -> work.on(breaking(connection)));
            if (unheard) {
                throw new StoreUnavailable("the program was killed", true);
            }
            return done;
        }

        private Connection breaking(Connection connection) {
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (method.getName().equals("prepareStatement") && --left == 0) {
                            throw new SQLException("the connection broke", "08006");
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
