namespace Stackelberg.MuJoCo.Native;

/// <summary>
/// Checks a table of offsets against the loaded library: simulates a tiny model whose every number is distinctive and looks for each where the table
/// says it is. A wrong table ends in a message, never in a crash: nothing is read outside the blocks the engine allocated for the model.
/// </summary>
/// <remarks>
/// The model: a sphere of 3 kg that has sunk 1/16 m into the floor, as have two small ones fixed to it, with an arm of 2 kg on a hinge (coordinate 7,
/// degree of freedom 6) driven by a motor of gear 7 and by an integrating actuator of gear 16. Sizes: nq 8, nv 7, nu 2, na 1, 3 bodies, 2 joints,
/// 5 geoms, 6 sites. No array next to one in use is empty, because an empty one has its neighbour's address.
/// </remarks>
internal static unsafe class LayoutProbe
{
    private const double Timestep = 0.001953125;

    private const string Mjcf = """
        <mujoco>
          <compiler angle="radian"/>
          <option timestep="0.001953125" gravity="0.5 0.25 -8" integrator="RK4"/>
          <size nuserdata="3" nuser_geom="1" njmax="100" nconmax="20" nstack="20000"/>
          <worldbody>
            <geom name="floor" type="plane" size="5 5 1"/>
            <site/><site/><site/><site/><site/>
            <body name="ball" pos="0.25 -0.5 0.125">
              <freejoint/>
              <geom name="sphere" type="sphere" size="0.1875" mass="3" rgba="0.25 0.75 0.125 0.875"/>
              <geom type="sphere" pos="0.25 0 -0.125" quat="0 0 0 1" size="0.0625" mass="0"/>
              <geom type="sphere" pos="0 0.25 -0.125" size="0.0625" mass="0"/>
              <site name="mark" pos="0.5 0 0"/>
              <body name="arm" pos="0 0 0.75">
                <joint name="hinge" type="hinge" axis="0 1 0" ref="0.25" springref="0.5" armature="0.125"/>
                <geom type="capsule" pos="0.0625 0 0" size="0.0625 0.25" mass="2"/>
              </body>
            </body>
          </worldbody>
          <actuator>
            <motor joint="hinge" gear="7" ctrllimited="true" ctrlrange="-0.625 0.875"/>
            <general name="integrator" joint="hinge" gear="16" dyntype="integrator" ctrllimited="true" ctrlrange="-0.375 0.75"/>
          </actuator>
          <sensor>
            <jointpos joint="hinge"/>
          </sensor>
        </mujoco>
        """;

    // Small numbers meet by chance, so the sizes are looked for once more in a model where each is another.
    private const string OtherSizes = """
        <mujoco>
          <size njmax="100" nconmax="20" nstack="20000"/>
          <worldbody>
            <body/><body/><body/><body/><body/><body/>
            <site/><site/><site/><site/><site/><site/><site/><site/><site/><site/><site/>
            <body>
              <joint name="slide" type="slide"/>
              <joint type="ball"/>
              <geom size="0.1"/>
            </body>
          </worldbody>
          <actuator>
            <motor joint="slide"/><motor joint="slide"/><motor joint="slide"/>
            <general joint="slide" dyntype="integrator"/><general joint="slide" dyntype="integrator"/><general joint="slide" dyntype="integrator"/>
            <general joint="slide" dyntype="integrator"/><general joint="slide" dyntype="integrator"/><general joint="slide" dyntype="integrator"/>
          </actuator>
        </mujoco>
        """;

    /// <summary>Accepts <paramref name="layout"/> or says which entry is wrong.</summary>
    /// <exception cref="MujocoException">An entry is wrong.</exception>
    internal static void Verify(MujocoLayout layout)
    {
        Simulate(layout, Mjcf, static (layout, memory, model, data) =>
        {
            var fields = new ProbedStruct(memory, (void*)model, layout.ModelBytes, nameof(layout.ModelBytes));
            VerifySizes(layout, fields, nq: 8, nv: 7, nu: 2, na: 1, bodies: 3, sites: 6, geoms: 5);
            VerifyModel(layout, (void*)model, fields);
            VerifyData(layout, (void*)model, (void*)data, new ProbedStruct(memory, (void*)data, layout.DataBytes, nameof(layout.DataBytes)));
        });
        Simulate(layout, OtherSizes, static (layout, memory, model, _) =>
        {
            var fields = new ProbedStruct(memory, (void*)model, layout.ModelBytes, nameof(layout.ModelBytes));
            VerifySizes(layout, fields, nq: 5, nv: 4, nu: 9, na: 6, bodies: 8, sites: 11, geoms: 1);
        });
    }

    private static void Simulate(MujocoLayout layout, string mjcf, Action<MujocoLayout, ProbedMemory, nint, nint> verify)
    {
        void* model = null;
        void* data = null;
        try
        {
            List<(nint Address, nint Bytes)> blocks = EngineCallbacks.RecordAllocations(() =>
            {
                model = MjcfCompiler.Compile(mjcf);
                data = NativeMethods.mj_makeData(model);
            });
            verify(layout, new ProbedMemory(layout.Version, blocks), (nint)model, (nint)data);
        }
        finally
        {
            NativeMethods.mj_deleteData(data);
            NativeMethods.mj_deleteModel(model);
            EngineCallbacks.TakeWarning();
        }
    }

    private static void VerifySizes(MujocoLayout layout, ProbedStruct fields, int nq, int nv, int nu, int na, int bodies, int sites, int geoms)
    {
        fields.Check(layout.SizeBytes is sizeof(int) or sizeof(long), nameof(layout.SizeBytes));
        CheckSize(layout.ModelNq, nq, nameof(layout.ModelNq));
        CheckSize(layout.ModelNv, nv, nameof(layout.ModelNv));
        CheckSize(layout.ModelNu, nu, nameof(layout.ModelNu));
        CheckSize(layout.ModelNa, na, nameof(layout.ModelNa));
        CheckSize(layout.ModelNbody, bodies, nameof(layout.ModelNbody));
        CheckSize(layout.ModelNsite, sites, nameof(layout.ModelNsite));
        CheckSize(layout.ModelNgeom, geoms, nameof(layout.ModelNgeom));

        void CheckSize(int offset, int expected, string entry) =>
            fields.Check(fields.Size(offset, layout.SizeBytes, entry) == expected, $"{entry} or {nameof(layout.SizeBytes)}");
    }

    private static void VerifyModel(MujocoLayout layout, void* model, ProbedStruct fields)
    {
        fields.Check(fields.Double(layout.ModelTimestep, nameof(layout.ModelTimestep)) == Timestep, nameof(layout.ModelTimestep));

        CheckArray(layout.ModelQpos0, [0.25, -0.5, 0.125, 1, 0, 0, 0, 0.25], nameof(layout.ModelQpos0));
        CheckArray(layout.ModelBodyMass, [0, 3, 2], nameof(layout.ModelBodyMass));
        CheckArray(layout.ModelActuatorCtrlrange, [-0.625, 0.875, -0.375, 0.75], nameof(layout.ModelActuatorCtrlrange));

        CheckArray(layout.ModelGeomSize, [5, 5, 1, 0.1875, 0, 0, 0.0625, 0, 0, 0.0625, 0, 0, 0.0625, 0.25, 0], nameof(layout.ModelGeomSize));
        VerifyGeoms(layout, fields);

        CheckId(layout.ObjectBody, "arm", 2, nameof(layout.ObjectBody));
        CheckId(layout.ObjectJoint, "hinge", 1, nameof(layout.ObjectJoint));
        CheckId(layout.ObjectGeom, "sphere", 1, nameof(layout.ObjectGeom));
        CheckId(layout.ObjectSite, "mark", 5, nameof(layout.ObjectSite));
        CheckId(layout.ObjectActuator, "integrator", 1, nameof(layout.ObjectActuator));

        void CheckArray(int offset, ReadOnlySpan<double> expected, string entry) =>
            fields.Check(fields.Array(offset, expected.Length, entry).SequenceEqual(expected), entry);

        void CheckId(int type, string name, int expected, string entry)
        {
            fixed (byte* text = NativeText.Write(name))
            {
                fields.Check(NativeMethods.mj_name2id(model, type, text) == expected, entry);
            }
        }
    }

    private static void VerifyGeoms(MujocoLayout layout, ProbedStruct fields)
    {
        Span<int> types = fields.Array<int>(layout.ModelGeomType, 5, nameof(layout.ModelGeomType));
        fields.Check(types.SequenceEqual([0, 2, 2, 2, 3]), nameof(layout.ModelGeomType));
        Span<int> bodies = fields.Array<int>(layout.ModelGeomBodyid, 5, nameof(layout.ModelGeomBodyid));
        fields.Check(bodies.SequenceEqual([0, 1, 1, 1, 2]), nameof(layout.ModelGeomBodyid));
        Span<float> colours = fields.Array<float>(layout.ModelGeomRgba, 20, nameof(layout.ModelGeomRgba));
        fields.Check(colours[4..8].SequenceEqual([0.25f, 0.75f, 0.125f, 0.875f]), nameof(layout.ModelGeomRgba));
    }

    private static void VerifyData(MujocoLayout layout, void* model, void* data, ProbedStruct fields)
    {
        Span<double> qpos = fields.Array(layout.DataQpos, 8, nameof(layout.DataQpos));
        Span<double> qvel = fields.Array(layout.DataQvel, 7, nameof(layout.DataQvel));
        Span<double> act = fields.Array(layout.DataAct, 1, nameof(layout.DataAct));
        Span<double> ctrl = fields.Array(layout.DataCtrl, 2, nameof(layout.DataCtrl));
        Span<double> warmstart = fields.Array(layout.DataQaccWarmstart, 7, nameof(layout.DataQaccWarmstart));
        Span<double> xpos = fields.Array(layout.DataXpos, 9, nameof(layout.DataXpos));
        Span<double> xipos = fields.Array(layout.DataXipos, 9, nameof(layout.DataXipos));
        Span<double> geomXpos = fields.Array(layout.DataGeomXpos, 15, nameof(layout.DataGeomXpos));
        Span<double> geomXmat = fields.Array(layout.DataGeomXmat, 45, nameof(layout.DataGeomXmat));
        Span<double> siteXpos = fields.Array(layout.DataSiteXpos, 18, nameof(layout.DataSiteXpos));
        Span<double> cinert = fields.Array(layout.DataCinert, 30, nameof(layout.DataCinert));
        Span<double> cvel = fields.Array(layout.DataCvel, 18, nameof(layout.DataCvel));
        Span<double> cfrcExt = fields.Array(layout.DataCfrcExt, 18, nameof(layout.DataCfrcExt));
        Span<double> qfrcActuator = fields.Array(layout.DataQfrcActuator, 7, nameof(layout.DataQfrcActuator));
        Span<double> qfrcConstraint = fields.Array(layout.DataQfrcConstraint, 7, nameof(layout.DataQfrcConstraint));

        fields.Check(qpos.SequenceEqual([0.25, -0.5, 0.125, 1, 0, 0, 0, 0.25]), nameof(layout.DataQpos));

        fields.Check(qvel.IndexOfAnyExcept(0.0) < 0, nameof(layout.DataQvel));
        fields.Check(act[0] == 0, nameof(layout.DataAct));
        fields.Check(ctrl.IndexOfAnyExcept(0.0) < 0, nameof(layout.DataCtrl));
        fields.Check(warmstart.IndexOfAnyExcept(0.0) < 0, nameof(layout.DataQaccWarmstart));

        // What is written here must show in what the engine computes from it.
        qvel[6] = 0.5;
        act[0] = 0.375;
        ctrl[0] = 0.25;
        NativeMethods.mj_forward(model, data);
        fields.Check(Near(cvel[13], 0.5) && cvel[6..12].IndexOfAnyExcept(0.0) < 0, $"{nameof(layout.DataQvel)} or {nameof(layout.DataCvel)}");
        fields.Check(
            qfrcActuator.SequenceEqual([0, 0, 0, 0, 0, 0, (7 * 0.25) + (16 * 0.375)]),
            $"{nameof(layout.DataCtrl)}, {nameof(layout.DataAct)} or {nameof(layout.DataQfrcActuator)}");
        fields.Check(xpos.SequenceEqual([0, 0, 0, 0.25, -0.5, 0.125, 0.25, -0.5, 0.875]), nameof(layout.DataXpos));
        fields.Check(Near(xipos[6], 0.3125) && Near(xipos[3], 0.25) && Near(xipos[8], 0.875), nameof(layout.DataXipos));
        fields.Check(
            geomXpos[..3].IndexOfAnyExcept(0.0) < 0 && Near(geomXpos[6], 0.5) && Near(geomXpos[12], 0.3125) && Near(geomXpos[14], 0.875),
            nameof(layout.DataGeomXpos));
        fields.Check(geomXmat[..9].SequenceEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]) && Near(geomXmat[18], -1) && Near(geomXmat[22], -1), nameof(layout.DataGeomXmat));
        fields.Check(Near(siteXpos[15], 0.75) && Near(siteXpos[16], -0.5) && siteXpos[..15].IndexOfAnyExcept(0.0) < 0, nameof(layout.DataSiteXpos));
        fields.Check(Near(cinert[19], 3) && Near(cinert[29], 2), nameof(layout.DataCinert));
        fields.Check(fields.Int32(layout.DataNcon, nameof(layout.DataNcon)) == 3, nameof(layout.DataNcon));

        NativeMethods.mj_rnePostConstraint(model, data);
        fields.Check(
            cfrcExt[11] > 1 && Near(cfrcExt[11], qfrcConstraint[2]) && cfrcExt[12..].IndexOfAnyExcept(0.0) < 0,
            $"{nameof(layout.DataCfrcExt)} or {nameof(layout.DataQfrcConstraint)}");

        VerifyWarmstart(model, data, warmstart, fields, nameof(layout.DataQaccWarmstart));
        VerifyTimeAndWarnings(layout, model, data, qpos, qvel, fields);
    }

    // After a solve the warm start equals the acceleration itself, so reading cannot tell the two apart. Writing can: inverse dynamics use the one only.
    private static void VerifyWarmstart(void* model, void* data, Span<double> warmstart, ProbedStruct fields, string entry)
    {
        double* before = stackalloc double[7];
        double* after = stackalloc double[7];
        double* smooth = stackalloc double[7];
        NativeMethods.mj_rne(model, data, 1, before);
        NativeMethods.mj_rne(model, data, 0, smooth);

        // Newton's law on the whole body: the force that its accelerations account for is gravity's answer plus mass times acceleration.
        bool solved = Near(before[2] - smooth[2], TotalVerticalForce(warmstart));
        warmstart.Fill(123);
        NativeMethods.mj_rne(model, data, 1, after);
        fields.Check(solved && new Span<double>(before, 7).SequenceEqual(new Span<double>(after, 7)), entry);
    }

    // The hinge axis is horizontal and the arm's centre of mass 1/16 m along x from it and 3/4 m above the ball's, whose own rotation adds the same lever.
    private static double TotalVerticalForce(Span<double> acceleration) =>
        (5 * acceleration[2]) - (2 * 0.0625 * (acceleration[4] + acceleration[6]));

    private static void VerifyTimeAndWarnings(MujocoLayout layout, void* model, void* data, Span<double> qpos, Span<double> qvel, ProbedStruct fields)
    {
        NativeMethods.mj_resetData(model, data);
        NativeMethods.mj_step(model, data);
        fields.Check(fields.Double(layout.DataTime, nameof(layout.DataTime)) == Timestep, nameof(layout.DataTime));
        CheckWarnings(null);

        qpos[7] = double.NaN;
        NativeMethods.mj_step(model, data);
        CheckWarnings(nameof(layout.WarningBadQpos));

        NativeMethods.mj_resetData(model, data);
        qvel[5] = double.NaN;
        NativeMethods.mj_step(model, data);
        CheckWarnings(nameof(layout.WarningBadQvel));

        // The largest rotation the engine accepts as a velocity makes centrifugal accelerations it does not accept.
        NativeMethods.mj_resetData(model, data);
        qvel[3] = 9e9;
        qvel[6] = 8e9;
        NativeMethods.mj_step(model, data);
        CheckWarnings(nameof(layout.WarningBadQacc));

        void CheckWarnings(string? raised)
        {
            CheckWarning(layout.WarningBadQpos, nameof(layout.WarningBadQpos));
            CheckWarning(layout.WarningBadQvel, nameof(layout.WarningBadQvel));
            CheckWarning(layout.WarningBadQacc, nameof(layout.WarningBadQacc));

            void CheckWarning(int kind, string entry)
            {
                int count = fields.Int32(layout.DataWarning + (layout.WarningBytes * kind) + layout.WarningNumber, entry);
                fields.Check(count == (entry == raised ? 1 : 0), $"{entry}, {nameof(layout.DataWarning)}, {nameof(layout.WarningBytes)} or {nameof(layout.WarningNumber)}");
            }
        }
    }

    private static bool Near(double actual, double expected) => Math.Abs(actual - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected));
}
